package dev.gatlingllm.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text formats of metrics endpoints: Prometheus 0.0.4 and OpenMetrics 1.0. It takes both
 * at once, because servers mix them. A line that is neither is skipped and counted. Timestamps,
 * exemplars and help texts are ignored. Used by one thread at a time.
 *
 * <p>Little but the values changes from one text of an endpoint to its next. So each line is kept
 * up to its value, and only the value of the next text's line is read.
 */
final class MetricsText {

  /** A longer line is not read; the longest ones seen have a few hundred characters. */
  private static final int MAX_LINE = 16_384;

  /** Further samples are not read. */
  static final int MAX_SAMPLES = 100_000;

  private static final int MAX_TYPES = 10_000;

  /** In Prometheus' text and in OpenMetrics. */
  private static final Set<String> UNKNOWN = Set.of("untyped", "unknown");

  /**
   * One sample.
   *
   * @param series name and labels as the text has them, which identify it among the samples of one
   *     endpoint
   * @param name name of the sample, with suffixes such as {@code _sum}
   * @param labels in the order of the text
   * @param value may be NaN or infinite
   * @param isCounter whether the value only grows
   */
  record Sample(
      String series, String name, Map<String, String> labels, double value, boolean isCounter) {

    Sample withValue(double other) {
      return new Sample(series, name, labels, other, isCounter);
    }
  }

  private static final String HELP = "# HELP ";

  /** What names of counters and parts of histograms end with. */
  private static final Set<String> GROWING = Set.of("_total", "_sum", "_count");

  /** Stands for any sample of a bucket. */
  private static final Sample BUCKET = new Sample("", "", Map.of("le", ""), 0, true);

  /**
   * A line of the last text.
   *
   * @param head all before the value, or a whole comment
   * @param sample with the last value; null for a comment, and where it is not handed over
   * @param typed the metric whose type the comment tells; null for another one and for a sample
   * @param type the type; null without a metric
   */
  private record Line(
      String head,
      boolean isComment,
      @Nullable Sample sample,
      @Nullable String typed,
      @Nullable String type) {}

  private final Map<String, String> types = new HashMap<>();

  /** The lines of the last text by number; null for one that says nothing of the next. */
  private final List<@Nullable Line> lines = new ArrayList<>();

  private String text = "";
  private int samples;
  private int skipped;

  /** The line that is read, and the place in it. */
  private String line = "";

  private int at;

  /**
   * Reads the endpoint's next text and hands over its samples, without those of buckets and
   * quantiles and the times at which series were created.
   *
   * @return whether the text is one of metrics: it has a sample, and few lines that are invalid
   */
  boolean read(String text, Consumer<Sample> to) {
    this.text = text;
    types.clear();
    samples = 0;
    skipped = 0;
    int number = 0;
    for (int start = 0; start < text.length() && samples < MAX_SAMPLES; number++) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      if (number == lines.size()) {
        lines.add(null);
      }
      Line known = lines.get(number);
      if (known == null || !readAgain(known, start, end, to)) {
        lines.set(number, null);
        if (end - start > MAX_LINE) {
          skipped++;
        } else {
          line = text.substring(start, end);
          at = 0;
          if (!readLine(number, to)) {
            break;
          }
        }
      }
      start = end + 1;
    }
    return samples > skipped;
  }

  /** Reads a line that differs from a known one in its value alone; else returns false. */
  private boolean readAgain(Line known, int start, int end, Consumer<Sample> to) {
    if (!text.startsWith(known.head, start)) {
      return false;
    }
    int value = start + known.head.length();
    if (known.isComment) {
      if (value == end && known.typed != null && known.type != null) {
        setType(known.typed, known.type);
      }
      return value == end;
    }
    Sample last = known.sample;
    if (last != null) {
      Double number = number(text, value, end);
      if (number == null || last.isCounter != isCounter(last.name)) {
        return false;
      }
      to.accept(last.withValue(number));
    }
    samples++;
    return true;
  }

  /** Returns false at the end of the metrics. */
  private boolean readLine(int number, Consumer<Sample> to) {
    skipSpace();
    if (at == line.length()) {
      return true;
    }
    if (line.charAt(at) == '#') {
      return readComment(number);
    }
    Sample sample = sample();
    if (sample == null) {
      skipped++;
      return true;
    }
    samples++;
    boolean isKept = isKept(sample);
    lines.set(number, new Line(line.substring(0, at), false, isKept ? sample : null, null, null));
    if (isKept) {
      to.accept(sample);
    }
    return true;
  }

  private boolean readComment(int number) {
    if (line.startsWith(HELP)) {
      lines.set(number, new Line(line, true, null, null, null));
      return true;
    }
    String[] words = line.strip().split("\\s+", 5);
    if (words.length == 2 && words[1].equals("EOF")) {
      return false;
    }
    boolean isType = words.length == 4 && words[1].equals("TYPE");
    if (isType) {
      setType(words[2], words[3]);
    }
    lines.set(
        number, new Line(line, true, null, isType ? words[2] : null, isType ? words[3] : null));
    return true;
  }

  private void setType(String name, String type) {
    if (types.size() < MAX_TYPES) {
      types.put(name, type);
    }
  }

  private static boolean isKept(Sample sample) {
    return !sample.name.endsWith("_created")
        && !sample.labels.containsKey("le")
        && !sample.labels.containsKey("quantile");
  }

  /** Returns the sample that the line holds, at its value then, or null for an invalid line. */
  private @Nullable Sample sample() {
    int start = at;
    String name = name(true);
    if (name.isEmpty()) {
      return null;
    }
    skipSpace();
    if (isOfBucket(name)) {
      // where no space precedes the value, the whole line is the head, and is read anew
      at = line.lastIndexOf(' ') + 1 > at ? line.lastIndexOf(' ') + 1 : line.length();
      return BUCKET;
    }
    Map<String, String> labels = Map.of();
    int end = at;
    if (at < line.length() && line.charAt(at) == '{') {
      at++;
      labels = labels();
      if (labels == null) {
        return null;
      }
      end = at;
    }
    skipSpace();
    Double number = number(line, at, line.length());
    return number == null
        ? null
        : new Sample(line.substring(start, end), name, labels, number, isCounter(name));
  }

  /**
   * Returns whether the sample is of a histogram's bucket. Most samples of a server are, and are
   * not read further.
   */
  private boolean isOfBucket(String name) {
    return name.endsWith("_bucket") && line.indexOf("le=\"", at) > 0;
  }

  private @Nullable Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    while (true) {
      skipSpace();
      if (at < line.length() && line.charAt(at) == '}') {
        at++;
        return labels;
      }
      String name = name(false);
      skipSpace();
      if (name.isEmpty() || !skip('=')) {
        return null;
      }
      skipSpace();
      String value = quoted();
      if (value == null) {
        return null;
      }
      labels.put(name, value);
      skipSpace();
      if (!skip(',') && (at == line.length() || line.charAt(at) != '}')) {
        return null;
      }
    }
  }

  private String name(boolean isMetric) {
    int start = at;
    while (at < line.length() && isOfName(line.charAt(at), isMetric, at > start)) {
      at++;
    }
    return line.substring(start, at);
  }

  private static boolean isOfName(char letter, boolean isMetric, boolean mayBeDigit) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || letter == '_'
        || (isMetric && letter == ':')
        || (mayBeDigit && letter >= '0' && letter <= '9');
  }

  private @Nullable String quoted() {
    if (!skip('"')) {
      return null;
    }
    StringBuilder value = new StringBuilder();
    for (; at < line.length(); at++) {
      char letter = line.charAt(at);
      if (letter == '"') {
        at++;
        return value.toString();
      }
      if (letter == '\\' && ++at < line.length()) {
        char escaped = line.charAt(at);
        value.append(escaped == 'n' ? '\n' : escaped);
      } else {
        value.append(letter);
      }
    }
    return null;
  }

  private boolean skip(char letter) {
    if (at < line.length() && line.charAt(at) == letter) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }

  /** Returns the number up to a space or the end, or null where there is none. */
  private static @Nullable Double number(String text, int start, int end) {
    int stop = start;
    while (stop < end && !Character.isWhitespace(text.charAt(stop))) {
      stop++;
    }
    String number = text.substring(start, stop);
    try {
      return number.endsWith("Inf") ? infinity(number) : Double.valueOf(number);
    } catch (NumberFormatException invalid) {
      return null;
    }
  }

  private static double infinity(String text) {
    return Double.parseDouble(text.replaceFirst("Inf$", "Infinity"));
  }

  /**
   * Sums and counts of histograms grow; where no type is known, as in federation, the name tells.
   */
  private boolean isCounter(String name) {
    String type = types.get(name);
    if (type != null && !UNKNOWN.contains(type)) {
      return type.equals("counter");
    }
    String suffix = name.substring(Math.max(0, name.lastIndexOf('_')));
    return GROWING.contains(suffix)
        && !"gauge".equals(types.get(name.substring(0, name.length() - suffix.length())));
  }
}
