package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small soak; {@link SoakCheck} runs the large one. */
class SoakIT {

  @Test
  void serverAndClientCountTheSameForEachRequest(@TempDir Path results) throws Exception {
    SoakLedger ledger = SoakCheck.run(20_000, results, Duration.ofMinutes(3));

    assertThat(ledger.agrees()).as(ledger.toString()).isTrue();
    assertThat(ledger.count("requests")).isGreaterThan(300);
    assertThat(ledger.faulty()).isPositive();
  }
}
