package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Invalid assertions are rejected while the simulation is built. */
class TokenAssertionTest {

  @Test
  void rejectsInvalidAssertionsWithWhatIsAllowed() {
    assertThatThrownBy(() -> LlmDsl.ttft().percentile(120))
        .hasMessage("percentile(120.0): must be from 1 to 100, such as 95");
    assertThatThrownBy(() -> LlmDsl.ttft().percentile(0.95))
        .as("the least samples, not the 95th percentile")
        .hasMessage("percentile(0.95): must be from 1 to 100, such as 95");
    assertThatThrownBy(() -> LlmDsl.ttft().forTurn(0)).hasMessageContaining("forTurn(0)");
    assertThatThrownBy(() -> LlmDsl.ttft().forGroup(1).forTurn(2))
        .hasMessageContaining("a group cannot be combined");
    assertThatThrownBy(() -> LlmDsl.ttft().forRequest("answer").forScenario("chat"))
        .hasMessageContaining("forScenario(\"chat\"): cannot be combined");
    assertThatThrownBy(() -> LlmDsl.e2e().forTurn(1).forFinishReason("stop"))
        .hasMessageContaining("forFinishReason(\"stop\"): cannot be combined");
    assertThatThrownBy(() -> LlmDsl.outputTokens().forModel("base").forApi("chat"))
        .hasMessage("forApi(\"chat\"): cannot be combined with forModel");
    assertThatThrownBy(() -> LlmDsl.conversationDuration().forOutcome("broken"))
        .hasMessage("forOutcome must be completed, failed or abandoned, got broken");
    assertThatThrownBy(() -> LlmDsl.lengthPercent().forApi(" "))
        .hasMessage("forApi(\"\"): must be the API in the report");
    assertThatThrownBy(() -> LlmDsl.e2e().max().lt(Duration.ofHours(1)))
        .hasMessageContaining("up to 2,000 s");
    assertThatThrownBy(() -> LlmDsl.cacheHitPercent().between(9, 8))
        .hasMessageContaining("the lower limit must be the first");
  }
}
