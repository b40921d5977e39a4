package dev.gatlingllm.settings;

import dev.gatlingllm.text.Redactor;
import dev.gatlingllm.text.Require;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the metrics of the server under test are read. Immutable.
 *
 * @param isAuto whether they are looked for at the server under test
 * @param urls where they are otherwise; empty to read none
 */
public record MetricsEndpoints(boolean isAuto, List<String> urls) {

  private static final int MAX_URLS = 64;

  /** Takes a copy. */
  public MetricsEndpoints {
    urls = List.copyOf(urls);
  }

  /**
   * Reads {@code auto}, {@code off} or URLs.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  static MetricsEndpoints parse(String text) {
    if (text.equalsIgnoreCase("auto")) {
      return new MetricsEndpoints(true, List.of());
    }
    if (text.equalsIgnoreCase("off")) {
      return new MetricsEndpoints(false, List.of());
    }
    List<String> urls = Arrays.stream(text.split(",")).map(String::strip).distinct().toList();
    for (String url : urls) {
      Redactor.ofProcess().addUrl(url);
      Require.that(
          isUrl(url),
          "serverMetrics",
          shown(url),
          "auto, off, or URLs of metrics such as http://10.0.0.1:8000/metrics, joined by commas");
    }
    Require.that(urls.size() <= MAX_URLS, "serverMetrics", urls.size() + " URLs", "up to 64");
    return new MetricsEndpoints(false, urls);
  }

  private static boolean isUrl(String text) {
    try {
      return text.matches("(?i)https?://[^/\\s]+(/\\S*)?") && URI.create(text).getPath() != null;
    } catch (IllegalArgumentException invalid) {
      return false;
    }
  }

  private static String shown(String url) {
    return url.replaceFirst("(?<=//)[^/?#]*@", "").replaceFirst("[?#].*", "");
  }

  /** Returns the setting's text, without what may be secret. */
  @Override
  public String toString() {
    return urls.isEmpty()
        ? (isAuto ? "auto" : "off")
        : urls.stream().map(MetricsEndpoints::shown).collect(Collectors.joining(","));
  }
}
