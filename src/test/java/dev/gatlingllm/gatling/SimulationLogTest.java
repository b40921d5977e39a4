package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationLogTest {

  @TempDir private Path runFolder;

  @Test
  void aRunThatCouldNotBeginHasNothingInItsLog() throws Exception {
    Files.createFile(runFolder.resolve("simulation.log"));

    SimulationLog log = new SimulationLog(runFolder);

    assertThat(log.hasAssertions()).isFalse();
    assertThat(log.scenarios()).isEmpty();
  }
}
