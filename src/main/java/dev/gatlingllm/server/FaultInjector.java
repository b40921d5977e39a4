package dev.gatlingllm.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides which requests meet which faults: by a header of the request, or by {@linkplain
 * FaultRates rates}, which can be changed at any time. Thread-safe.
 */
final class FaultInjector {

  /** The header that requests a {@link Fault} by its text; a blank value requests none. */
  static final String HEADER = "X-Simulated-Fault";

  private final Map<FaultKind, LongAdder> counts = new EnumMap<>(FaultKind.class);
  private volatile FaultRates rates;

  FaultInjector(FaultRates rates) {
    this.rates = rates;
    for (FaultKind kind : FaultKind.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  FaultRates rates() {
    return rates;
  }

  void setRates(FaultRates rates) {
    this.rates = rates;
  }

  /** Returns how often a fault was injected since the start. */
  long count(FaultKind kind) {
    return counts.get(kind).sum();
  }

  /**
   * Returns the fault of a request, or null.
   *
   * @throws OpenAiError for a header with an invalid fault
   */
  Fault forRequest(HttpExchange exchange) throws OpenAiError {
    String header = exchange.request().header(HEADER);
    boolean requested = header != null && !header.isBlank();
    return count(requested ? parse(header) : rates.forRequest(exchange.request().body()));
  }

  /** Returns the fault of a new connection, or null. */
  Fault forConnection() {
    return count(rates.forConnection());
  }

  private Fault count(Fault fault) {
    if (fault != null) {
      counts.get(fault.kind()).increment();
    }
    return fault;
  }

  private static Fault parse(String header) throws OpenAiError {
    Fault fault;
    try {
      fault = Fault.parse(header);
    } catch (IllegalArgumentException e) {
      throw OpenAiError.invalid(HEADER, "Invalid header " + HEADER + ": " + e.getMessage() + ".");
    }
    if (fault.kind().stage == FaultKind.Stage.CONNECTION) {
      throw OpenAiError.invalid(
          HEADER, "The fault " + header + " affects whole connections; set a rate for it instead.");
    }
    return fault;
  }
}
