package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.TokenHash;
import dev.gatlingllm.text.Require;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The rates of faults. A request meets at most one fault. The seed, the request's body and the
 * number of earlier requests with this body decide which one, so that a conversation meets the same
 * faults in any order of arrival, and a retry can succeed. For connections, the seed and the
 * connection's number decide. Thread-safe.
 */
final class FaultRates {

  /** The number of request bodies that are counted; the least recently seen are removed. */
  private static final int MAX_COUNTED = 65_536;

  private record Rate(Fault fault, double rate) {}

  private final List<String> texts;
  private final long seed;
  private final List<Rate> ofRequests = new ArrayList<>();
  private final List<Rate> ofConnections = new ArrayList<>();
  private final Map<Long, Integer> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > MAX_COUNTED;
        }
      };
  private int connections;

  /**
   * @param texts faults with their rates, such as {@code reset=0.01} or {@code stall=0.02:2s}
   * @throws IllegalArgumentException for an unknown fault or an invalid rate
   */
  FaultRates(List<String> texts, long seed) {
    this.texts = List.copyOf(texts);
    this.seed = seed;
    texts.forEach(this::add);
    check(ofRequests);
    check(ofConnections);
  }

  private void add(String text) {
    String[] parts = text.strip().split("\\s*[;:]\\s*", 2);
    String[] named = parts[0].split("\\s*=\\s*", 2);
    Fault fault = Fault.parse(parts.length == 1 ? named[0] : named[0] + ";" + parts[1]);
    double rate = named.length == 1 ? Double.NaN : rate(named[1]);
    Require.that(
        rate >= 0 && rate <= 1,
        "the rate of fault " + named[0],
        named.length == 1 ? "none" : named[1],
        "a fraction of the requests from 0 to 1, such as " + named[0] + "=0.01");
    boolean ofConnection = fault.kind().stage == FaultKind.Stage.CONNECTION;
    (ofConnection ? ofConnections : ofRequests).add(new Rate(fault, rate));
  }

  private static double rate(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private void check(List<Rate> rates) {
    double sum = rates.stream().mapToDouble(Rate::rate).sum();
    // the sum of decimal fractions has rounding errors
    Require.that(sum <= 1 + 1e-9, "the sum of the fault rates " + texts, sum, "at most 1");
  }

  /** Returns the faults and rates as given. */
  List<String> texts() {
    return texts;
  }

  long seed() {
    return seed;
  }

  /** Returns the fault of a request, or null. */
  @Nullable Fault forRequest(byte[] body) {
    if (ofRequests.isEmpty()) {
      return null;
    }
    long content = content(body);
    return choose(ofRequests, TokenHash.nth(seed ^ content, repetition(content)));
  }

  /** Returns the fault of the next connection, or null. */
  @Nullable Fault forConnection() {
    return ofConnections.isEmpty()
        ? null
        : choose(ofConnections, TokenHash.nth(~seed, nextConnection()));
  }

  private static @Nullable Fault choose(List<Rate> rates, long hash) {
    double left = (hash >>> 11) * 0x1p-53;
    for (Rate rate : rates) {
      left -= rate.rate();
      if (left < 0) {
        return rate.fault();
      }
    }
    return null;
  }

  private static long content(byte[] body) {
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    return TokenHash.nth(checksum.getValue(), body.length);
  }

  private synchronized int repetition(long content) {
    return seen.merge(content, 1, Integer::sum) - 1;
  }

  private synchronized int nextConnection() {
    return connections++;
  }
}
