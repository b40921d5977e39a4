package dev.gatlingllm.workload.replay;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.Shard;
import java.nio.file.Path;
import java.util.Optional;

/** Replays of small files. */
final class Replays {

  static final Tokenizer TOKENIZER = Tokenizers.resolve("o200k_base");

  private Replays() {}

  static ReplayShape shape(Path file) {
    return new ReplayShape(
        file,
        ReplayFormat.AUTO,
        OnBrokenEntry.FAIL,
        true,
        1,
        512,
        Optional.empty(),
        Distribution.constant(33),
        Shard.WHOLE,
        42);
  }

  static ReplayShape sample(String name) {
    return shape(Path.of("src/test/resources/replay", name));
  }

  static Replay open(ReplayShape shape) {
    return Replay.open(shape, TOKENIZER);
  }

  static ConversationScript script(Replay replay, long number) {
    return replay.script(number).orElseThrow();
  }
}
