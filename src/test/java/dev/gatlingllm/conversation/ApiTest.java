package dev.gatlingllm.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ApiTest {

  @ParameterizedTest
  @EnumSource
  void isFoundByItsOwnPath(Api api) {
    assertThat(Api.ofPath(api.path())).contains(api);
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/deployments/gpt/chat/completions, CHAT",
    "/api/paas/v4/chat/completions, CHAT",
    "/gateway/v1/completions, COMPLETIONS",
    "/anthropic/v1/messages, MESSAGES"
  })
  void isFoundBehindAGateway(String path, Api api) {
    assertThat(Api.ofPath(path)).contains(api);
  }

  @Test
  void isUnknownForOtherPaths() {
    assertThat(Api.ofPath("/v1/embeddings")).isEmpty();
    assertThat(Api.ofPath("/")).isEmpty();
  }
}
