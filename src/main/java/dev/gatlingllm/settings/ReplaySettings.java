package dev.gatlingllm.settings;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.ReplayFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a file is replayed. {@code llm-defaults.conf} says what each means.
 *
 * @param file absent where nothing is replayed
 * @param speed above 0, or 0 where arrival times are ignored
 * @param outputTokens the user's own choice, which goes before what was recorded
 * @param load the full name of the setting by which the user chose a load, which a trace brings
 *     along
 */
public record ReplaySettings(
    Optional<Path> file,
    ReplayFormat format,
    double speed,
    int blockTokens,
    OnBrokenEntry onError,
    boolean loop,
    Optional<Distribution> outputTokens,
    Optional<String> load) {

  /** What the conversations of a file bring along. */
  private static final List<String> MEANINGLESS =
      List.of(
          "groups",
          "groupWeights",
          "conversationsPerGroup",
          "commonPrefixTokens",
          "systemPromptTokens",
          "privateContextTokens",
          "questionTokens",
          "lengths",
          "corpus",
          "turns",
          "rampedAges",
          "maxConversations");

  private static final List<String> OF_REPLAYS =
      List.of("replayFormat", "replaySpeed", "replayBlockTokens", "replayOnError", "replayLoop");

  static ReplaySettings from(SettingSource source) {
    Optional<Path> file = source.optional("replay", Path::of);
    for (String name : file.isPresent() ? MEANINGLESS : OF_REPLAYS) {
      if (source.isChosen(name)) {
        throw new SettingException(
            "llm." + name,
            source.get(name, Function.identity()),
            file.isPresent()
                ? "llm.replay is given too, and its file says this; leave one of the two out"
                : "this has a meaning for replays only; give llm.replay, or leave it out");
      }
    }
    return new ReplaySettings(
        file,
        source.get("replayFormat", ReplayFormat::parse),
        source.get("replaySpeed", ReplaySettings::speed),
        source.get("replayBlockTokens", text -> SettingSource.wholeNumber(text, 1)),
        source.get("replayOnError", OnBrokenEntry::parse),
        source.get("replayLoop", SettingSource::flag),
        source.isChosen("outputTokens")
            ? Optional.of(source.get("outputTokens", Distribution::parse))
            : Optional.empty(),
        List.of("users", "rate").stream()
            .filter(source::isChosen)
            .map(name -> "llm." + name)
            .findFirst());
  }

  private static double speed(String text) {
    return text.equals("ignore") || text.equals("0") ? 0 : SettingSource.positive(text);
  }
}
