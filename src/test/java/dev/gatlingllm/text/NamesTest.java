package dev.gatlingllm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void suggestsTheNearestNameOnlyIfItIsNear() {
    assertThat(Names.nearest("User", List.of("rate", "users"))).contains("users");
    assertThat(Names.suggestion("user", List.of("rate", "users")))
        .isEqualTo("; did you mean users?");
    assertThat(Names.suggestion("xyz", List.of("rate", "users"))).isEmpty();
  }
}
