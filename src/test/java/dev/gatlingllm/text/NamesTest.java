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

  @Test
  void namesTheFirstOfMany() {
    assertThat(Names.first(2, List.of("a", "b"))).isEqualTo("a, b");
    assertThat(Names.first(2, List.of("a", "b", "c", "d"))).isEqualTo("a, b, and 2 more");
  }
}
