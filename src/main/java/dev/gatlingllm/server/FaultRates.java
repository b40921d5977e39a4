package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import dev.gatlingllm.server.engine.TokenHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Which share of the requests meets which fault. A request meets one at most; whether, and which,
 * is decided by the seed, its body, and how often that body came before: so the same conversation
 * meets the same faults in whatever order requests arrive, and a retry may fare better. Connections
 * are decided by the seed and their number. Any thread may call any method.
 */
final class FaultRates {

  static final FaultRates NONE = new FaultRates(List.of(), 0);

  /** Bodies whose repetitions are told apart; the least recently seen are forgotten. */
  private static final int REMEMBERED = 65_536;

  private record Share(Fault fault, double rate) {}

  private final List<String> texts;
  private final long seed;
  private final List<Share> ofRequests = new ArrayList<>();
  private final List<Share> ofConnections = new ArrayList<>();
  private final Map<Long, Integer> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };
  private int connections;

  /**
   * @param texts each a fault with its rate, such as {@code reset=0.01} or {@code stall=0.02:2s}
   * @throws IllegalArgumentException saying which is wrong, and what would be right
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
        named.length == 1 ? "absent" : named[1],
        "a share of the requests from 0 to 1, as in " + named[0] + "=0.01");
    boolean ofConnection = fault.kind().place() == FaultKind.Place.CONNECTION;
    (ofConnection ? ofConnections : ofRequests).add(new Share(fault, rate));
  }

  private static double rate(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private void check(List<Share> shares) {
    double sum = shares.stream().mapToDouble(Share::rate).sum();
    // a sum of tenths is seldom a whole one to the last bit
    Require.that(
        sum <= 1 + 1e-9, "the faults' rates " + texts, "a sum of " + sum, "1 in all, or less");
  }

  /** As they were given. */
  List<String> texts() {
    return texts;
  }

  long seed() {
    return seed;
  }

  /** The fault that a request meets, or null. */
  Fault forRequest(byte[] body) {
    if (ofRequests.isEmpty()) {
      return null;
    }
    long content = content(body);
    return choose(ofRequests, TokenHash.nth(seed ^ content, repetition(content)));
  }

  /** The fault that the next connection meets, or null. */
  Fault forConnection() {
    return ofConnections.isEmpty()
        ? null
        : choose(ofConnections, TokenHash.nth(~seed, nextConnection()));
  }

  private static Fault choose(List<Share> shares, long hash) {
    double left = (hash >>> 11) * 0x1p-53;
    for (Share share : shares) {
      left -= share.rate();
      if (left < 0) {
        return share.fault();
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
