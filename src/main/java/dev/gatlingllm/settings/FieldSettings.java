package dev.gatlingllm.settings;

import dev.gatlingllm.conversation.RequestFields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The settings that become fields of a request as they are. */
final class FieldSettings {

  /** The setting of each field that has one of its own. */
  private static final Map<String, String> SETTING_OF =
      Map.of(
          "temperature", "temperature",
          "top_p", "topP",
          "seed", "requestSeed",
          "stop", "stop",
          "ignore_eos", "ignoreEos");

  private FieldSettings() {}

  static RequestFields from(SettingSource source) {
    Map<String, Object> single = new LinkedHashMap<>();
    source
        .optional("temperature", FieldSettings::temperature)
        .ifPresent(value -> single.put("temperature", value));
    source.optional("topP", FieldSettings::share).ifPresent(value -> single.put("top_p", value));
    source
        .optional("requestSeed", SettingSource::seed)
        .ifPresent(value -> single.put("seed", value));
    if (source.get("ignoreEos", SettingSource::flag)) {
      single.put("ignore_eos", true);
    }
    RequestFields fields = RequestFields.DEFAULT;
    for (Map.Entry<String, Object> field : single.entrySet()) {
      fields = fields.with(field.getKey(), field.getValue());
    }
    RequestFields before = fields;
    RequestFields withStop = source.optional("stop", text -> withStop(before, text)).orElse(before);
    return source.optional("extraBody", text -> withExtra(withStop, text, source)).orElse(withStop);
  }

  private static double temperature(String text) {
    double number = number(text);
    if (number >= 0 && Double.isFinite(number)) {
      return number;
    }
    throw new IllegalArgumentException("give a number from 0 on");
  }

  private static double share(String text) {
    double number = number(text);
    if (number > 0 && number <= 1) {
      return number;
    }
    throw new IllegalArgumentException("give a number above 0 and up to 1");
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // out of every range, so that the range is told
      return Double.NaN;
    }
  }

  /** A list or a quoted text is JSON, so that white space and several texts can be said. */
  private static RequestFields withStop(RequestFields fields, String text) {
    return text.startsWith("[") || text.startsWith("\"")
        ? fields.withJson("stop", text)
        : fields.with("stop", text);
  }

  private static RequestFields withExtra(RequestFields fields, String json, SettingSource source) {
    Set<String> names = RequestFields.namesIn(json);
    SETTING_OF.forEach(
        (field, setting) -> {
          if (names.contains(field) && source.isChosen(setting)) {
            throw new IllegalArgumentException(
                field + " is set by llm." + setting + " too; leave one of them out");
          }
        });
    return fields.withAll(json);
  }
}
