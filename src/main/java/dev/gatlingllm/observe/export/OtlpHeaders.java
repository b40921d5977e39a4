package dev.gatlingllm.observe.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Redactor;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the variables of the environment in which OpenTelemetry's SDKs take headers. */
final class OtlpHeaders {

  /** For metrics alone; goes before the general one. */
  private static final String OF_METRICS = "OTEL_EXPORTER_OTLP_METRICS_HEADERS";

  private static final String OF_ALL = "OTEL_EXPORTER_OTLP_HEADERS";

  private OtlpHeaders() {}

  /**
   * Returns the headers that the environment sets. They may be keys, so that nothing ever shows
   * their values.
   */
  static Map<String, String> ofProcess() {
    Map<String, String> headers = of(System.getenv());
    headers.values().forEach(Redactor.ofProcess()::keepSecret);
    return headers;
  }

  /**
   * Reads {@code name=value} pairs that commas separate; values are encoded as in URLs.
   *
   * @throws SettingException for a text of another form, which is not shown
   */
  static Map<String, String> of(Map<String, String> environment) {
    String variable = environment.containsKey(OF_METRICS) ? OF_METRICS : OF_ALL;
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : environment.getOrDefault(variable, "").split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        headers.put(
            pair.substring(0, equals).strip(), decoded(variable, pair.substring(equals + 1)));
      } else if (!pair.isBlank()) {
        throw invalid(variable);
      }
    }
    return headers;
  }

  private static String decoded(String variable, String value) {
    try {
      // a plus is itself here
      return URLDecoder.decode(value.strip().replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid(variable);
    }
  }

  private static SettingException invalid(String variable) {
    return new SettingException(
        variable + " must be name=value pairs with commas between them, values encoded as in URLs");
  }
}
