package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkRunTest {

  /** Runs until it is killed. */
  static final class Fork {
    public static void main(String... arguments) throws InterruptedException {
      BenchmarkRun.exitWithRunner(Path.of(arguments[0]));
      new CountDownLatch(1).await();
    }
  }

  /** Prompts that are cached already are faster, and so are small models, whatever the server. */
  @Test
  void cacheAndModelArePartOfTheLoad() {
    Map<String, String> used = Map.of("turns", "3", "baseUrl", "http://a", "salt", "b");

    assertThat(BenchmarkRun.ofTheLoad(used, Map.of("model", "m"), CacheStart.KEEP))
        .containsExactly(
            Map.entry("turns", "3"), Map.entry("model", "m"), Map.entry("-cache", "keep"));
    Map<String, String> weighted = Map.of("models", "m=1, n=2");
    assertThat(BenchmarkRun.ofTheLoad(weighted, Map.of("model", "m, n"), CacheStart.KEEP))
        .doesNotContainKey("model");
  }

  @Test
  void endsForkWhoseRunnerHasEndedAndDeletesTheirFiles(@TempDir Path work) throws Exception {
    Path shared = Files.createTempDirectory(work, ForkProcess.FOLDER);
    Path messages = Files.createFile(shared.resolve("messages.jsonl"));
    Files.createFile(shared.resolve("java.args"));
    Process fork =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ClassPath.asArgument(),
                Fork.class.getName(),
                messages.toString())
            .start();
    try {
      // the runner's end of the pipe closes when the runner ends, however it does
      fork.getOutputStream().close();

      assertThat(fork.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(fork.exitValue()).isEqualTo(3);
      assertThat(shared).doesNotExist();
    } finally {
      fork.destroyForcibly();
    }
  }
}
