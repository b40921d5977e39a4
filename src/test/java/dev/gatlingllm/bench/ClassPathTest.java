package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClassPathTest {

  private static final ClassLoader WITHOUT_CONFIGURATION = ClassLoader.getPlatformClassLoader();

  @Test
  void processesLogAsThisOneWhereTheClassPathDoesNotSayHow() {
    assertThat(ClassPath.logging("quiet.xml", WITHOUT_CONFIGURATION))
        .containsExactly("-Dlogback.configurationFile=quiet.xml");
    assertThat(ClassPath.logging(null, WITHOUT_CONFIGURATION)).isEmpty();
  }

  @Test
  void processesLogAsTheClassPathSays() {
    // these tests have a logback-test.xml
    assertThat(ClassPath.logging("quiet.xml", ClassPathTest.class.getClassLoader())).isEmpty();
  }
}
