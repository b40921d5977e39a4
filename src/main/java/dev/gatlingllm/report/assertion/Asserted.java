package dev.gatlingllm.report.assertion;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatlingllm.metrics.Figure.Unit;
import dev.gatlingllm.metrics.Indicator;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.ServerMetrics.Observed;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Require;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A number of a run that a limit can be set for. Immutable. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "of")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Asserted.OfResponses.class, name = "responses"),
  @JsonSubTypes.Type(value = Asserted.OfServer.class, name = "server")
})
public sealed interface Asserted {

  /** Returns its display name, with what it is restricted to. */
  String words();

  /** Returns the symbol of its unit; empty without one. */
  String symbol();

  /** Returns whether it is a time in milliseconds. */
  @JsonIgnore
  default boolean isTime() {
    return symbol().equals(Unit.MILLISECONDS.symbol());
  }

  /**
   * Returns the value by which a limit is judged.
   *
   * @param wantsLess whether smaller values are more likely to meet the limit
   */
  Found in(RunSummary run, boolean wantsLess);

  /**
   * The value that was found.
   *
   * @param value empty if it was not measured
   * @param remark why it was not measured, or why a bound of it is judged; else null
   */
  record Found(OptionalDouble value, @Nullable String remark) {

    static Found none(String why) {
      return new Found(OptionalDouble.empty(), why);
    }
  }

  /**
   * A figure of a set of responses.
   *
   * @param responses what it is taken over
   */
  record OfResponses(Indicator indicator, ResponseFilter responses) implements Asserted {

    @Override
    public String words() {
      return indicator.words() + responses.words();
    }

    @Override
    public String symbol() {
      return indicator.unit().symbol();
    }

    @Override
    public Found in(RunSummary run, boolean wantsLess) {
      Optional<ScopeSummary> scope = responses.in(run);
      if (scope.isEmpty()) {
        return Found.none("no response was measured" + responses.words() + responses.hint(run));
      }
      Indicator.Bound bound = indicator.bound(scope.get(), wantsLess);
      return bound.value().isPresent()
          ? new Found(bound.value(), bound.remark())
          : Found.none(indicator.whyAbsent(scope.get()));
    }
  }

  /** What is asserted of a metric of the server, over the measured window. */
  enum Statistic {
    /** Increase of a counter. */
    DELTA,
    MIN,
    MEAN,
    MAX,
    LAST;

    private @Nullable Double of(Observed observed) {
      return switch (this) {
        case DELTA -> observed.delta();
        case MIN -> observed.min();
        case MEAN -> observed.mean();
        case MAX -> observed.max();
        case LAST -> observed.last();
      };
    }
  }

  /**
   * A metric of the server by the server's own name.
   *
   * @param name such as {@code vllm:num_requests_waiting}
   */
  record OfServer(String name, Statistic statistic) implements Asserted {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is not the name of a metric
     */
    public OfServer {
      Require.that(
          name.matches("[A-Za-z_:][A-Za-z0-9_:]*"),
          "serverMetric",
          name,
          "a metric's name without labels, such as vllm:num_requests_waiting");
    }

    @Override
    public String words() {
      return name + " " + statistic.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String symbol() {
      return "";
    }

    @Override
    public Found in(RunSummary run, boolean wantsLess) {
      ServerMetrics server = run.server();
      if (!server.hasReadings()) {
        return Found.none("the server's metrics were not read (llm.serverMetrics)");
      }
      Observed observed = server.metrics().get(name);
      if (observed == null) {
        return Found.none(
            "the server's metrics do not have it in the measured window"
                + Names.suggestion(name, server.metrics().keySet()));
      }
      if (!server.coversMost(run.durationSeconds())) {
        return Found.none("the server's metrics were read in a part of the measured window alone");
      }
      if (statistic == Statistic.DELTA
          ? server.lacksEndpoints()
          : server.endpoints().stream().anyMatch(ServerMetrics.Endpoint::lacksReadings)) {
        return Found.none("too many readings of an endpoint of the server's metrics failed");
      }
      Double value = statistic.of(observed);
      return value == null
          ? Found.none(
              observed.delta() == null
                  ? "it is a gauge; assert min(), mean(), max() or last()"
                  : "it is a counter; assert delta()")
          // a counter between two readings is a fraction
          : new Found(OptionalDouble.of(Math.round(value * 1e3) / 1e3), null);
    }
  }
}
