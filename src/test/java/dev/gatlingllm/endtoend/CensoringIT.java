package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.RequestTruth;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.server.engine.EngineSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The figures of loads whose window cuts through responses, whose requests wait longer than the
 * window, hang, or are cut by the end of the load: each figure is that of the server's own records.
 */
@Order(4)
class CensoringIT {

  /** How far apart client and server may see one event, such as a timeout, on busy processors. */
  private static final double SHIFT_SECONDS = 0.1;

  /** Shorter than the time from one user's last response to the next user's first request. */
  private static final double STEP_SECONDS = 0.005;

  /** Prefill takes 0.6 s and a token 20 ms: 1 % of a latency is more than the time of transport. */
  private static final EngineSettings ENGINE =
      EngineProfile.INSTANT.settings().toBuilder()
          .overhead(Duration.ofMillis(600))
          .stepBase(Duration.ofMillis(20))
          .build();

  /** What censors the figures of a run. */
  enum Load {
    /** Most responses begin before the window or end after it. */
    LONG_RESPONSES("uniform(20,150)", null, "PT20S"),
    /** More requests arrive than four slots can serve, until the load is cut. */
    OVERLOAD("40", "8", "PT7S"),
    /** Some requests get no token, and some streams stop, until they time out. */
    HANGS(
        "uniform(20,60)", null, "PT20S", "late-first-token=0.15;for=3600s", "stall=0.15;for=3600s"),
    /** The load is cut in the middle of the window. */
    CUTS("uniform(20,170)", null, "PT5S");

    private final String outputTokens;
    private final String rate;
    private final String maxDuration;
    private final String[] faults;

    Load(String outputTokens, String rate, String maxDuration, String... faults) {
      this.outputTokens = outputTokens;
      this.rate = rate;
      this.maxDuration = maxDuration;
      this.faults = faults;
    }

    EngineSettings engine() {
      return this == OVERLOAD ? ENGINE.toBuilder().maxNumSeqs(4).build() : ENGINE;
    }
  }

  @ParameterizedTest
  @EnumSource
  void figuresAreThoseOfTheServersRecords(Load load, @TempDir Path results) throws Exception {
    ServerSettings settings =
        ServerSettings.builder()
            .tokenizer(GatlingFork.TOKENIZER)
            .engine(load.engine())
            .faults(load.faults)
            .build();
    Run run;
    List<RequestTruth> truths;
    SimulatedServer server = SimulatedServer.start(settings);
    try (server) {
      GatlingFork fork =
          new GatlingFork(results)
              .with("llm.baseUrl", server.baseUrl())
              .with("llm.requestTimeout", load == Load.HANGS ? "4s" : "20s")
              .with("outputTokens", load.outputTokens)
              .with("maxDuration", load.maxDuration);
      run = (load.rate == null ? fork : fork.with("rate", load.rate)).run(CensoredLoad.class);
    }
    // also the streams that the end of the client cut off
    truths = server.truth();
    assertThat(run.exit()).as(run.output()).isZero();
    new Comparison(load, run.tokens(), run.requests(), truths).check();
  }

  /** One request as the server saw it; times in seconds since the opening of the window. */
  private record Seen(
      double written,
      double[] tokens,
      double end,
      boolean good,
      boolean timedOut,
      long cached,
      long input) {

    static Seen of(Load load, RequestTruth truth, double openNanos) {
      double written = (truth.times().receivedNanos() - openNanos) / 1e9;
      double end = (truth.times().endNanos() - openNanos) / 1e9;
      long[] nanos = truth.times().tokenNanos();
      double[] tokens = new double[nanos.length];
      for (int i = 0; i < nanos.length; i++) {
        tokens[i] = (nanos[i] - openNanos) / 1e9;
      }
      boolean gone = truth.outcome() == RequestOutcome.GONE;
      return new Seen(
          written,
          tokens,
          end,
          truth.complete(),
          gone && load == Load.HANGS,
          truth.tokens().cached(),
          truth.tokens().input());
    }

    boolean hasToken(double by) {
      return tokens.length > 0 && tokens[0] < by;
    }
  }

  /** The window as the server's clock sees it, which may be shifted against the client's. */
  private record Frame(List<Seen> seen, double open, double close) {

    boolean contains(double moment) {
      return moment >= open && moment < close;
    }

    double outputTokens() {
      return seen.stream()
          .mapToLong(s -> Arrays.stream(s.tokens).filter(this::contains).count())
          .sum();
    }

    double good() {
      return seen.stream().filter(s -> s.good && contains(s.end)).count();
    }

    double failed() {
      return seen.stream().filter(s -> s.timedOut && contains(s.end)).count();
    }

    double waiting() {
      return seen.stream()
          .filter(s -> contains(s.written) && s.end >= close && !s.hasToken(close))
          .count();
    }

    double unfinished() {
      return seen.stream().filter(s -> contains(s.written) && s.end >= close).count();
    }

    /** Returns how many requests of the window were under way at the moment of the cut. */
    double cut(double moment) {
      return seen.stream()
          .filter(s -> s.written < Math.min(moment, close) && s.end >= moment && !s.timedOut)
          .count();
    }

    double[] ttft() {
      return seen.stream()
          .filter(s -> !s.timedOut && s.written >= open && s.tokens.length > 0)
          .filter(s -> contains(s.tokens[0]))
          .mapToDouble(s -> 1e3 * (s.tokens[0] - s.written))
          .sorted()
          .toArray();
    }

    private double[] ofGood(ToDoubleFunction<Seen> latency) {
      return seen.stream()
          .filter(s -> s.good && s.written >= open && contains(s.end))
          .mapToDouble(latency)
          .sorted()
          .toArray();
    }

    double[] e2e() {
      return ofGood(s -> 1e3 * (s.end - s.written));
    }

    double[] tpot() {
      return ofGood(
          s -> 1e3 * (s.tokens[s.tokens.length - 1] - s.tokens[0]) / (s.tokens.length - 1));
    }

    double cacheHitPercent() {
      List<Seen> ended = seen.stream().filter(s -> s.good && contains(s.end)).toList();
      return 100.0
          * ended.stream().mapToLong(Seen::cached).sum()
          / ended.stream().mapToLong(Seen::input).sum();
    }
  }

  /** Compares the figures of a run with the server's records. */
  private static final class Comparison {

    private final JsonNode tokens;
    private final List<Frame> frames = new ArrayList<>();
    private final double seconds;

    /**
     * The longest time by which one response took longer for the client than for the server: on a
     * busy machine, much more than the transport takes.
     */
    private final double transportMillis;

    /** When the load was stopped, in seconds since the opening of the window. */
    private final double stopped;

    Comparison(Load load, JsonNode tokens, List<JsonNode> requests, List<RequestTruth> truths) {
      this.tokens = tokens;
      seconds = tokens.at("/run/durationSeconds").asDouble();
      double start =
          Instant.parse(tokens.at("/run/start").asText()).toEpochMilli()
              + CensoredLoad.WARM_UP.toMillis();
      stopped =
          requests.stream()
              .filter(request -> request.get("status").asText().equals("CUT"))
              .mapToDouble(r -> r.get("startMillis").asDouble() + r.get("e2eMillis").asDouble())
              .map(cut -> (cut - start) / 1e3)
              .min()
              .orElse(Double.MAX_VALUE);
      Map<String, Double> server = new HashMap<>();
      truths.forEach(
          t -> server.put(t.id(), (t.times().endNanos() - t.times().receivedNanos()) / 1e6));
      transportMillis =
          requests.stream()
              .filter(request -> request.get("status").asText().equals("OK"))
              .mapToDouble(
                  request ->
                      request.get("e2eMillis").asDouble()
                          - server.get(request.get("responseId").asText()))
              .max()
              .getAsDouble();
      RequestTruth.Times times = truths.get(0).times();
      double open = times.receivedNanos() + (start - times.receivedEpochMillis()) * 1e6;
      List<Seen> seen = truths.stream().map(truth -> Seen.of(load, truth, open)).toList();
      // the client sees what happens as late as the response that took longest on its way, and as
      // an event loop was that had other work
      double lag = tokens.at("/client/worstLoopLag/max").asDouble();
      double shift = Math.max(SHIFT_SECONDS, Math.max(transportMillis, lag) / 1e3);
      // between the two, a count may be less or more than at both: a user who leaves makes a gap
      for (double from = -shift; from <= shift; from += STEP_SECONDS) {
        for (double to = -shift; to <= shift; to += STEP_SECONDS) {
          frames.add(new Frame(seen, from, seconds + to));
        }
      }
    }

    void check() {
      count("/totals/ok", Frame::good);
      count("/totals/ko", Frame::failed);
      // one may be on its way to the server when the window ends
      within("/totals/waiting", Frame::waiting, 1);
      within("/totals/unfinished", Frame::unfinished, 1);
      within("/totals/cut", frame -> frame.cut(stopped + frame.open), 1);
      count("/totals/outputTokens", Frame::outputTokens);
      count("/totals/outputTokensPerSecond", frame -> frame.outputTokens() / seconds);
      count("/totals/cacheHitPercent", Frame::cacheHitPercent);
      distribution("ttft", Frame::ttft, transportMillis);
      distribution("e2e", Frame::e2e, transportMillis);
      distribution("tpot", Frame::tpot, 0.2);
    }

    private void count(String figure, ToDoubleFunction<Frame> truth) {
      within(figure, truth, 0);
    }

    private void distribution(
        String metric, Function<Frame, double[]> truth, double transportMillis) {
      String path = "/metrics/" + metric;
      count(path + "/count", frame -> truth.apply(frame).length);
      // one late wake-up of a busy processor must not decide
      if (tokens.at(path + "/count").asInt() >= 10) {
        within(path + "/p50", frame -> percentile(truth.apply(frame), 0.5), transportMillis);
      }
    }

    private void within(String figure, ToDoubleFunction<Frame> truth, double tolerance) {
      double least = frames.stream().mapToDouble(truth).min().getAsDouble();
      double most = frames.stream().mapToDouble(truth).max().getAsDouble();
      assertThat(tokens.at(figure).asDouble())
          .as("%s of %s", figure, tokens.get("totals"))
          .isBetween(0.99 * least - tolerance, 1.01 * most + tolerance);
    }

    /** At rank (n + 1) p, interpolated. */
    private static double percentile(double[] sorted, double p) {
      double rank = Math.max(1, Math.min(sorted.length, (sorted.length + 1) * p));
      int below = (int) rank;
      double value = sorted[below - 1];
      return below == sorted.length ? value : value + (rank - below) * (sorted[below] - value);
    }
  }
}
