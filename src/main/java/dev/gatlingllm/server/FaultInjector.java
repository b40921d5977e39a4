package dev.gatlingllm.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests meet which faults: by a header of the request, or by {@linkplain
 * FaultRates rates}, which can be changed at any time. Thread-safe.
 */
final class FaultInjector {

  /** The header that requests a {@link Fault} by its text; a blank value requests none. */
  static final String HEADER = "X-Simulated-Fault";

  private final Map<FaultKind, Long> counts = new ConcurrentHashMap<>();

  private volatile FaultRates rates;

  FaultInjector(FaultRates rates) {
    this.rates = rates;
  }

  FaultRates rates() {
    return rates;
  }

  void setRates(FaultRates rates) {
    this.rates = rates;
  }

  /** Returns how often a fault was injected since the start. */
  long count(FaultKind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /**
   * Returns the fault of a request, or null.
   *
   * @throws OpenAiError for a header with an invalid fault
   */
  @Nullable Fault forRequest(HttpExchange exchange) throws OpenAiError {
    String header = exchange.request().header(HEADER);
    return count(
        header == null || header.isBlank()
            ? rates.forRequest(exchange.request().body())
            : parse(header));
  }

  /** Returns the fault of a new connection, or null. */
  @Nullable Fault forConnection() {
    return count(rates.forConnection());
  }

  private @Nullable Fault count(@Nullable Fault fault) {
    if (fault != null) {
      counts.merge(fault.kind(), 1L, Long::sum);
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
