package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.settings.SettingException;
import io.gatling.commons.util.GatlingVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatlingVersionsTest {

  @Test
  void readsTheVersionThatGatlingItselfReads() {
    assertThat(GatlingVersions.current()).isEqualTo(GatlingVersion.ThisVersion().fullVersion());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.15.0", "3.15.1", "3.15.2", "3.15.2-SNAPSHOT"})
  void acceptsTestedVersionsAndTheirPatches(String version) {
    assertThatCode(() -> GatlingVersions.require(version, () -> false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.14.9", "3.16.0", "4.0.0", "3.150.0", "of an unknown version"})
  void rejectsOtherVersionsUnlessTold(String version) {
    assertThatThrownBy(() -> GatlingVersions.require(version, () -> false))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("Gatling " + version + " is not supported: gatling-llm ")
        .hasMessageEndingWith(
            " was tested with Gatling 3.15.0 to 3.15.1; use one of these, or set llm.anyGatling ="
                + " true to try this one");
    assertThatCode(() -> GatlingVersions.require(version, () -> true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/install.md"})
  void documentationNamesTheTestedVersions(String page) throws Exception {
    assertThat(Files.readString(Path.of(page)))
        .contains(GatlingVersions.OLDEST + " to " + GatlingVersions.NEWEST);
  }
}
