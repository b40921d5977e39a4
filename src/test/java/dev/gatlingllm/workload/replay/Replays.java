package dev.gatlingllm.workload.replay;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript;
import java.nio.file.Path;

/** Replays of small files. */
final class Replays {

  static final Tokenizer TOKENIZER = Tokenizers.resolve("o200k_base");

  private Replays() {}

  static LlmSettings shape(Path file) {
    return LlmSettings.defaults().with(Setting.REPLAY, file);
  }

  static LlmSettings sample(String name) {
    return shape(Path.of("src/test/resources/replay", name));
  }

  static Replay open(LlmSettings settings) {
    return Replay.open(settings.replayShape(), TOKENIZER);
  }

  static ConversationScript script(Replay replay, long number) {
    return replay.script(number).orElseThrow();
  }
}
