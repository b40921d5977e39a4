package dev.gatlingllm.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.fuzz.DamagedBytes;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/** A damaged file is replayed as far as it can be, or refused with the reason. */
class ReplayFuzzTest {

  private static final Path SAMPLES = Path.of("src/test/resources/cases/replay");

  private static final Logger SKIPPED = (Logger) LoggerFactory.getLogger(BrokenEntries.class);

  private static Path file;

  @BeforeContainer
  static void create() throws IOException {
    file = Files.createTempFile("replay", ".jsonl");
    SKIPPED.setLevel(Level.OFF);
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.delete(file);
    SKIPPED.setLevel(null);
  }

  @Property
  void readsOrRefusesAnyFile(@ForAll("files") byte[] bytes, @ForAll OnBrokenEntry policy)
      throws IOException {
    Files.write(file, bytes);
    LlmSettings settings = Replays.shape(file).with(Setting.REPLAY_ON_ERROR, policy);

    Throwable refusal =
        catchThrowable(
            () -> {
              Replay replay = Replays.open(settings);
              for (long number = 0; number < replay.size(); number++) {
                Optional<ConversationScript> script = replay.script(number);
                assertThat(script.orElseThrow().question(1).passage().text()).isNotNull();
              }
            });

    if (refusal != null) {
      assertThat(refusal).isInstanceOf(IllegalArgumentException.class);
      assertThat(refusal.getMessage()).isNotBlank().doesNotContain("Exception");
    }
  }

  @Provide
  Arbitrary<byte[]> files() throws IOException {
    List<byte[]> samples = new ArrayList<>();
    try (Stream<Path> paths = Files.list(SAMPLES)) {
      for (Path path : paths.sorted().toList()) {
        if (path.toString().matches(".*[.](csv|jsonl?|gz)") && !path.endsWith("manifest.json")) {
          samples.add(Files.readAllBytes(path));
        }
      }
    }
    return DamagedBytes.of(samples);
  }
}
