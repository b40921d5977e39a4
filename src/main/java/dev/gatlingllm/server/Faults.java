package dev.gatlingllm.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides which requests meet which faults: by their own wish, in a header, or by {@linkplain
 * FaultRates rates}, which may be changed at any time. Any thread may call any method.
 */
final class Faults {

  /** Asks for a fault, as {@link Fault} writes it; for none where it is blank. */
  static final String HEADER = "X-Simulated-Fault";

  private final Map<FaultKind, LongAdder> met = new EnumMap<>(FaultKind.class);
  private volatile FaultRates rates;

  Faults(FaultRates rates) {
    this.rates = rates;
    for (FaultKind kind : FaultKind.values()) {
      met.put(kind, new LongAdder());
    }
  }

  FaultRates rates() {
    return rates;
  }

  void rates(FaultRates rates) {
    this.rates = rates;
  }

  /** How often a fault was met since the start. */
  long met(FaultKind kind) {
    return met.get(kind).sum();
  }

  /**
   * The fault that a request meets, or null.
   *
   * @throws OpenAiError for a header that asks for none that there is
   */
  Fault forRequest(Exchange exchange) throws OpenAiError {
    String asked = exchange.header(HEADER);
    boolean asks = asked != null && !asked.isBlank();
    return count(asks ? parse(asked) : rates.forRequest(exchange.body()));
  }

  /** The fault that a new connection meets, or null. */
  Fault forConnection() {
    return count(rates.forConnection());
  }

  private Fault count(Fault fault) {
    if (fault != null) {
      met.get(fault.kind()).increment();
    }
    return fault;
  }

  private static Fault parse(String asked) throws OpenAiError {
    Fault fault;
    try {
      fault = Fault.parse(asked);
    } catch (IllegalArgumentException e) {
      throw OpenAiError.invalid(
          HEADER, "The header " + HEADER + " is wrong: " + e.getMessage() + ".");
    }
    if (fault.kind().place() == FaultKind.Place.CONNECTION) {
      throw OpenAiError.invalid(
          HEADER,
          "The fault " + asked + " is met before a request is read: ask for it by rate instead.");
    }
    return fault;
  }
}
