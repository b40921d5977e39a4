package dev.gatlingllm.report;

import static dev.gatlingllm.report.Json.object;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.DrawnResponses;
import dev.gatlingllm.metrics.DrawnResponses.Drawn;
import dev.gatlingllm.metrics.DrawnResponses.Place;
import dev.gatlingllm.text.Names;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Drawn responses as columns for a page, in base64: a third of the size of numbers in JSON. {@code
 * llm-drawn.js} reads them.
 */
final class DrawnColumns {

  /** More scenarios, requests, … than a reader can choose from are one. */
  private static final int MAX_NAMES = 40;

  /** Values are kept on a logarithmic scale: steps of 0.03 % above a few hundredths. */
  private static final double LEAST = 0.01;

  private static final double LOG_RANGE = Math.log1p(1e7 / LEAST);
  private static final int STEPS = 65_534;

  private final List<Drawn> drawn;

  private DrawnColumns(List<Drawn> drawn) {
    this.drawn = drawn;
  }

  static Map<String, Object> of(DrawnResponses responses) {
    return new DrawnColumns(responses.all()).columns(responses.of());
  }

  private Map<String, Object> columns(long of) {
    List<String> requests = names(r -> r.sent().request());
    List<String> failures = names(Drawn::failure);
    return object(
        "of", of,
        "breakdowns", breakdowns(),
        "requests", requests,
        "failures", failures,
        "request", bytes(r -> number(requests, r.sent().request())),
        "failure", bytes(r -> number(failures, r.failure())),
        "group", bytes(r -> Math.min(r.sent().group(), 63) + 1),
        "turn", bytes(r -> Math.min(r.sent().turn(), 64)),
        "attempt", bytes(r -> Math.min(r.sent().attempt(), 255)),
        "place", encoded(Short.BYTES, (to, r) -> to.putShort((short) bits(r.place()))),
        "second", encoded(Float.BYTES, (to, r) -> to.putFloat((float) r.sent().second())),
        "ttft", millis(Drawn::ttft),
        "ttfo", drawn.stream().allMatch(r -> r.ttfo() == r.ttft()) ? null : millis(Drawn::ttfo),
        "icl", millis(Drawn::icl),
        "iclInWindow", millis(Drawn::iclInWindow),
        "tpot", millis(Drawn::tpot),
        "e2e", millis(Drawn::e2e),
        "inputTokens", tokens(Drawn::inputTokens),
        "expectedTokens", tokens(Drawn::expectedTokens),
        "cachedTokens", tokens(Drawn::cachedTokens),
        "reusableTokens", tokens(Drawn::reusableTokens),
        "outputTokens", tokens(Drawn::outputTokens));
  }

  /** Returns the columns of those with several values, by which a reader can filter. */
  private Map<String, Object> breakdowns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    for (Breakdown by : Breakdown.ofResponses()) {
      List<String> names = names(r -> r.sent().value(by));
      if (names.size() > 1) {
        columns.put(
            by.key(),
            Map.of("names", names, "numbers", bytes(r -> number(names, r.sent().value(by)))));
      }
    }
    return columns;
  }

  /** Returns the names that are there, the most frequent first; the rarest are pooled. */
  private List<String> names(Function<Drawn, @Nullable String> name) {
    Map<String, Long> counts = new HashMap<>();
    drawn.stream()
        .map(name)
        .filter(known -> known != null)
        .forEach(known -> counts.merge(known, 1L, Long::sum));
    List<String> names = Names.byFrequency(counts);
    return names.size() <= MAX_NAMES
        ? names
        : Stream.concat(names.stream().limit(MAX_NAMES), Stream.of(Breakdown.OTHERS)).toList();
  }

  /** Returns the number of a name from 1, or 0 for no name. */
  private static int number(List<String> names, @Nullable String name) {
    return name == null ? 0 : names.contains(name) ? names.indexOf(name) + 1 : names.size();
  }

  private static int bits(Place place) {
    boolean[] bits = {
      place.counted(),
      place.firstToken(),
      place.end(),
      place.unfinished(),
      place.waiting(),
      place.oneToken(),
      place.atOnce(),
      place.left(),
      place.oneBody()
    };
    int sum = 0;
    for (int i = 0; i < bits.length; i++) {
      sum |= bits[i] ? 1 << i : 0;
    }
    return sum;
  }

  /** Latencies are rounded up, so that none meets a limit that it missed. */
  private String millis(ToDoubleFunction<Drawn> latency) {
    return logarithms(latency, Math::ceil);
  }

  private String tokens(ToIntFunction<Drawn> count) {
    return logarithms(count::applyAsInt, Math::rint);
  }

  private String logarithms(ToDoubleFunction<Drawn> value, DoubleUnaryOperator rounding) {
    return encoded(
        Short.BYTES, (to, r) -> to.putShort((short) code(value.applyAsDouble(r), rounding)));
  }

  private static int code(double value, DoubleUnaryOperator rounding) {
    return value < 0
        ? 0
        : 1
            + (int)
                Math.min(
                    STEPS, rounding.applyAsDouble(STEPS * Math.log1p(value / LEAST) / LOG_RANGE));
  }

  private String bytes(ToIntFunction<Drawn> value) {
    return encoded(1, (to, r) -> to.put((byte) value.applyAsInt(r)));
  }

  private interface Writer {
    void write(ByteBuffer to, Drawn response);
  }

  private String encoded(int bytesEach, Writer writer) {
    ByteBuffer bytes = ByteBuffer.allocate(bytesEach * drawn.size()).order(ByteOrder.LITTLE_ENDIAN);
    drawn.forEach(response -> writer.write(bytes, response));
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
