package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.endtoend.GatlingFork.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each workload of a simulation numbers its own users. */
class TwoWorkloadsIT {

  @Test
  void numbersUsersPerWorkload(@TempDir Path results) throws Exception {
    Run run = new GatlingFork(results).run(TwoWorkloads.class);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(conversations(run, "second")).containsExactlyInAnyOrderElementsOf(numbered(6));
    assertThat(conversations(run, "first", "first again"))
        .containsExactlyInAnyOrderElementsOf(numbered(12));
    // two seconds of pause by Gatling's settings are no delay of the client
    assertThat(run.requests())
        .allSatisfy(r -> assertThat(r.get("scheduleDelayMillis").asDouble()).isLessThan(1_500));
  }

  private static List<String> conversations(Run run, String... requests) throws IOException {
    return run.requests().stream()
        .filter(r -> List.of(requests).contains(r.get("request").asText()))
        .map(r -> r.get("conversation").asText())
        .toList();
  }

  private static List<String> numbered(int conversations) {
    return IntStream.range(0, conversations).mapToObj(i -> "conversation-" + i).toList();
  }
}
