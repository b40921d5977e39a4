package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Breakdown;
import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.CacheState;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.ColdWarm;
import dev.gatlingllm.metrics.Condition;
import dev.gatlingllm.metrics.DrawnResponses;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.metrics.ResponseSamples;
import dev.gatlingllm.metrics.ResponseSamples.Sample;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Arrivals;
import dev.gatlingllm.metrics.RunSummary.FailureCount;
import dev.gatlingllm.metrics.RunSummary.Outcomes;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Charts;
import dev.gatlingllm.metrics.ScopeSummary.InputBin;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ScopeSummary.Step;
import dev.gatlingllm.metrics.ScopeSummary.Ttft;
import dev.gatlingllm.metrics.ScopeSummary.UncachedBin;
import dev.gatlingllm.metrics.SentRequest;
import dev.gatlingllm.metrics.ServerMetrics;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.metrics.Totals;
import dev.gatlingllm.report.assertion.Assertions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Runs as a server might have given them, made up of a seed: always the same. */
final class SampleRun {

  /** A request name and a failure of the kind that must never become markup. */
  static final String HOSTILE_NAME = "</script><img src=x onerror=\"window.hacked=1\">&'\u2028";

  static final String HOSTILE_WORDS =
      "<script>window.hacked=1</script> \u001b[31mred\u001b[0m & more";

  static final RunInfo INFO =
      new RunInfo(
          "reportsimulation-20260102030405006",
          "dev.gatlingllm.report.ReportSimulation",
          Instant.parse("2026-01-02T03:04:05.006Z"),
          new RunInfo.Versions("0.1.0", "3.15.1", "17.0.12"),
          42L,
          new RunInfo.Target("http://gpu-box:8000", "Qwen/Qwen3-8B", "chat", "o200k_base"),
          new RunInfo.Load(
              new TreeMap<>(Map.of("users", "64", "groups", "4", "thinkTime", "0s")),
              List.of("chat: constantConcurrentUsers(64, 300 seconds)"),
              List.of("8 cores, 1024 MiB heap, Linux amd64")),
          new RunInfo.Shard(1, 1, "not set"),
          null,
          Assertions.NONE,
          List.of(),
          List.of());

  /** The same run of a load with other settings. */
  static RunInfo withSettings(Map<String, String> settings) {
    return new RunInfo(
        INFO.id(),
        INFO.simulation(),
        INFO.start(),
        INFO.versions(),
        INFO.seed(),
        INFO.target(),
        new RunInfo.Load(settings, List.of(), List.of()),
        INFO.shard(),
        null,
        INFO.assertions(),
        List.of(),
        List.of());
  }

  private final Random random = new Random(42);

  /** A server under load that caches prefixes, fails now and then, and answers three requests. */
  static RunReport busy() {
    SampleRun sample = new SampleRun();
    SortedMap<String, ScopeSummary> byRequest = new TreeMap<>();
    byRequest.put("answer", sample.scope(9_200, 70, true));
    byRequest.put("summary", sample.scope(1_480, 14, true));
    byRequest.put(HOSTILE_NAME, sample.scope(310, 0, true));
    SortedMap<Integer, ScopeSummary> byGroup = new TreeMap<>();
    for (int group = 0; group < 4; group++) {
      byGroup.put(group, sample.scope(2_700, 21, false));
    }
    SortedMap<String, FailureCount> failures = new TreeMap<>();
    failures.put(
        "http 429 rate_limit_error",
        new FailureCount(
            61,
            List.of(
                "Rate limit reached for requests per minute: limit 3000, used 3000. Please try"
                    + " again in 20ms.",
                HOSTILE_WORDS)));
    failures.put("truncated", new FailureCount(23, List.of("the stream ended without [DONE]")));
    RunSummary run =
        new RunSummary(
            60,
            sample.scope(10_990, 84, true),
            byRequest,
            Map.of(
                Breakdown.SCENARIO,
                new TreeMap<>(Map.of("support", sample.scope(10_990, 84, false)))),
            byGroup,
            new TreeMap<>(
                Map.of(0, sample.scope(40, 0, false), 1, sample.scope(10_990, 84, false))),
            sample.coldWarm(),
            failures,
            Outcomes.NONE,
            Outcomes.NONE,
            Map.of(),
            List.of(),
            samples(),
            0,
            false,
            sample.client(0.4),
            RunSummary.FirstTokens.NONE,
            ServerMetrics.NONE,
            new Arrivals(612, 10.2, 1.034, new Arrivals(600, 10, 0.981, null)));
    return new RunReport(INFO, run);
  }

  /** A server that refused every request. */
  static RunReport refused() {
    return refused("You didn't provide an API key.");
  }

  static RunReport refused(String words) {
    return failed("http 401 invalid_api_key", words);
  }

  /** A run whose requests all failed in the same way. */
  static RunReport failed(String kind, String words) {
    Totals totals =
        new Totals(
            Map.of(
                Figure.REQUESTS, 200.0,
                Figure.OK, 0.0,
                Figure.FAILURES, 200.0,
                Figure.FAILED_PERCENT, 100.0,
                Figure.CONVERSATIONS, 40.0,
                Figure.COMPLETED_CONVERSATIONS, 0.0,
                Figure.FAILED_CONVERSATIONS, 40.0,
                Figure.RESPONSES_PER_SECOND, 0.0,
                Figure.REQUESTS_PER_SECOND, 10.0),
            List.of());
    ScopeSummary scope =
        new ScopeSummary(totals, Map.of(), Map.of(), List.of(), new TreeMap<>(), Charts.NONE);
    RunSummary run =
        new RunSummary(
            20,
            scope,
            new TreeMap<>(Map.of("answer", scope)),
            Map.of(Breakdown.SCENARIO, new TreeMap<>(Map.of("support", scope))),
            new TreeMap<>(),
            new TreeMap<>(),
            new ColdWarm(null, null, null, null),
            new TreeMap<>(Map.of(kind, new FailureCount(200, List.of(words)))),
            Outcomes.NONE,
            Outcomes.NONE,
            Map.of(),
            List.of(),
            ResponseSamples.NONE,
            0,
            false,
            null,
            RunSummary.FirstTokens.NONE,
            ServerMetrics.NONE,
            null);
    return new RunReport(INFO, run);
  }

  private ScopeSummary scope(int ok, int ko, boolean detailed) {
    return scope(ok, ko, detailed, 1);
  }

  private ScopeSummary scope(int ok, int ko, boolean detailed, double slowness) {
    Map<Figure, double[]> samples = new EnumMap<>(Figure.class);
    samples.put(Figure.TTFT, samples(ok, () -> slowness * lognormal(140, 0.5)));
    samples.put(Figure.TTFO, samples.get(Figure.TTFT));
    samples.put(Figure.ICL, samples(ok * 4, () -> lognormal(21, random.nextInt(30) == 0 ? 1 : .3)));
    samples.put(Figure.TPOT, samples(ok, () -> lognormal(22, 0.15)));
    samples.put(Figure.E2E, samples(ok, () -> lognormal(1_500, 0.3)));
    samples.put(Figure.NTPOT, samples(ok, () -> lognormal(24, 0.2)));
    samples.put(Figure.INPUT_TOKENS, samples(ok, () -> Math.rint(lognormal(900, 0.4))));
    samples.put(Figure.OUTPUT_TOKENS, samples(ok, () -> Math.rint(lognormal(64, 0.1))));
    samples.put(Figure.CACHED_TOKENS, samples(ok, () -> Math.rint(lognormal(640, 0.3))));
    samples.put(Figure.TOKENS_PER_CHUNK, samples(ok, () -> 1 + random.nextInt(10) / 9));
    samples.put(Figure.SCHEDULE_DELAY, samples(ok, () -> lognormal(0.2, 1)));
    samples.put(Figure.SEND_DELAY, samples.get(Figure.SCHEDULE_DELAY));
    samples.put(Figure.TOKENIZER_DIFFERENCE, samples(ok, () -> 7 + random.nextInt(3)));
    if (detailed) {
      samples.put(Figure.CONVERSATION_TURNS, samples(ok / 6, () -> 6));
      samples.put(Figure.CONVERSATION_DURATION, samples(ok / 6, () -> 21_000));
      samples.put(Figure.CONVERSATION_MODEL_TIME, samples(ok / 6, () -> 9_000));
      samples.put(Figure.CONVERSATION_TOOL_TIME, samples(ok / 6, () -> 12_000));
      samples.put(Figure.CONVERSATION_THINK_TIME, samples(ok / 6, () -> 0));
    }
    Map<Figure, Summary> metrics = new EnumMap<>(Figure.class);
    Map<Figure, Buckets> buckets = new EnumMap<>(Figure.class);
    samples.forEach(
        (metric, values) -> {
          metrics.put(metric, summary(values));
          buckets.put(metric, buckets(values));
        });
    SortedMap<Integer, ScopeSummary> byTurn = new TreeMap<>();
    for (int turn = 1; detailed && turn <= 6; turn++) {
      byTurn.put(
          turn, scope(ok / 6, turn == 3 ? ko : 0, false, turn == 1 ? 2.6 : 0.8 + turn * .08));
    }
    return new ScopeSummary(
        totals(ok, ko, samples),
        metrics,
        buckets,
        detailed ? timeline(ok, ko) : List.of(),
        byTurn,
        detailed ? new SampleRun().charts(ok, ko) : Charts.NONE);
  }

  private Charts charts(int ok, int ko) {
    return new Charts(
        steps(ok, ko),
        ttftByInput(),
        ttftByUncached(),
        new ScopeSummary.Line(ok, 96, 0.21, 0.2, 0.22));
  }

  private List<UncachedBin> ttftByUncached() {
    List<UncachedBin> bins = new ArrayList<>();
    for (double tokens = 12; tokens < 2_000; tokens *= 1.4) {
      double median = 95 + tokens / 5;
      bins.add(new UncachedBin(tokens, summary(samples(150, () -> lognormal(median, 0.3)))));
    }
    return bins;
  }

  /** Six conversations of which one fails, one is retried and one is cut. */
  private static ResponseSamples samples() {
    List<ResponseSamples.Conversation> conversations = new ArrayList<>();
    for (int c = 0; c < 6; c++) {
      List<Sample> responses = new ArrayList<>();
      double second = c * 2.5 - 4;
      for (int turn = 1; turn <= 5; turn++) {
        String failure = c == 1 && turn == 3 ? "truncated" : c == 2 && turn == 5 ? "cut" : null;
        double ttft = turn == 1 ? 420 : 130 + 20 * c;
        double e2e = ttft + 1_500;
        responses.add(
            new Sample(
                "g" + c + "-" + HOSTILE_NAME,
                new SentRequest(
                    "answer",
                    c % 4,
                    Map.of(Breakdown.SCENARIO, "support", Breakdown.MODEL, HOSTILE_NAME),
                    turn,
                    c == 3 && turn == 2 ? 2 : 1,
                    second),
                failure == null ? ttft : null,
                e2e,
                400 + 150 * turn,
                turn == 1 ? 0 : 150 * turn,
                64,
                failure,
                HOSTILE_WORDS));
        second += e2e / 1e3 + 1.2;
      }
      conversations.add(new ResponseSamples.Conversation("g" + c + "-" + HOSTILE_NAME, responses));
    }
    List<Sample> all = conversations.stream().flatMap(c -> c.responses().stream()).toList();
    return new ResponseSamples(
        conversations,
        all.stream().filter(sample -> sample.sent().turn() == 1).toList(),
        all.stream().filter(sample -> sample.failure() != null).toList(),
        DrawnResponses.NONE);
  }

  private List<Step> steps(int ok, int ko) {
    List<Step> steps = new ArrayList<>();
    for (int second = -8; second < 60; second++) {
      double pace = second < -4 ? 0.4 : 1 + random.nextGaussian() * .06;
      double slow = second < -5 ? 5 : 1;
      Map<Figure, double[]> drawn = new EnumMap<>(Figure.class);
      if (second != 20) {
        drawn.put(Figure.TTFT, samples(ok / 60, () -> slow * lognormal(140, 0.5)));
        drawn.put(Figure.TPOT, samples(ok / 60, () -> lognormal(22, 0.15)));
        drawn.put(Figure.E2E, samples(ok / 60, () -> slow * lognormal(1_500, 0.3)));
      }
      Map<Figure, Summary> latencies = new EnumMap<>(Figure.class);
      Map<Figure, Buckets> histograms = new EnumMap<>(Figure.class);
      drawn.forEach(
          (figure, values) -> {
            latencies.put(figure, summary(values));
            histograms.put(figure, buckets(values));
          });
      steps.add(
          new Step(
              second,
              pace * ok / 60,
              second % 7 == 0 ? pace * ko / 10 : 0,
              pace * ok * 64 / 60.0,
              Math.min(64, (second + 9) * 9) + random.nextDouble(),
              1_200,
              second < -7 ? null : 70 + random.nextGaussian(),
              null,
              78.25,
              latencies,
              histograms,
              second % 7 == 0 ? Map.of("truncated", (long) ko / 20, HOSTILE_NAME, 1L) : Map.of()));
    }
    return steps;
  }

  private List<InputBin> ttftByInput() {
    List<InputBin> bins = new ArrayList<>();
    for (CacheState state : List.of(CacheState.COLD, CacheState.WARM)) {
      for (double input = 400; input < 2_500; input *= 1.19) {
        double median = state == CacheState.COLD ? 100 + input / 3 : 90 + input / 16;
        bins.add(new InputBin(state, input, summary(samples(200, () -> lognormal(median, 0.3)))));
      }
    }
    return bins;
  }

  private static Totals totals(int ok, int ko, Map<Figure, double[]> samples) {
    long input = (long) Arrays.stream(samples.get(Figure.INPUT_TOKENS)).sum();
    long output = (long) Arrays.stream(samples.get(Figure.OUTPUT_TOKENS)).sum();
    long cached = (long) Arrays.stream(samples.get(Figure.CACHED_TOKENS)).sum();
    double goodputPercent = 90.0 * ok / (ok + ko);
    Map<Figure, Double> totals = new EnumMap<>(Figure.class);
    totals.put(Figure.REQUESTS, (double) ok + ko);
    totals.put(Figure.OK, (double) ok);
    totals.put(Figure.FAILURES, (double) ko);
    totals.put(Figure.FAILED_PERCENT, 100.0 * ko / (ok + ko));
    totals.put(Figure.CONVERSATIONS, Math.floor(ok / 5.0));
    totals.put(Figure.COMPLETED_CONVERSATIONS, Math.floor(ok / 6.0));
    totals.put(Figure.FAILED_CONVERSATIONS, 3.0);
    totals.put(Figure.TOTAL_INPUT_TOKENS, (double) input);
    totals.put(Figure.TOTAL_OUTPUT_TOKENS, (double) output);
    totals.put(Figure.TOTAL_CACHED_TOKENS, (double) cached);
    totals.put(Figure.OUTPUT_TOKENS_PER_SECOND, output / 60.0);
    totals.put(Figure.INPUT_TOKENS_PER_SECOND, input / 60.0);
    totals.put(Figure.RESPONSES_PER_SECOND, ok / 60.0);
    totals.put(Figure.REQUESTS_PER_SECOND, (ok + ko) / 60.0);
    totals.put(Figure.CACHE_HIT_PERCENT, 100.0 * cached / input);
    totals.put(Figure.CACHE_HIT_PERCENT_UPPER, 100.0 * cached / input);
    totals.put(Figure.EXPECTED_REUSABLE_PERCENT, 78.25);
    totals.put(Figure.GOODPUT_PER_SECOND, ok * .9 / 60);
    totals.put(Figure.GOODPUT_PERCENT, goodputPercent);
    totals.put(Figure.RETRIES, 0.0);
    totals.put(Figure.TURNS_CUT, Math.floor(ko / 2.0));
    totals.put(Figure.DROPPED_TOKENS, 512.0 * ko);
    totals.put(Figure.BROKEN_CONVERSATIONS, 0.0);
    List<Condition> objectives = Objectives.parse("ttft<500ms,tpot<=50ms").all();
    return new Totals(
        totals,
        List.of(
            new Totals.Share(objectives.get(0), goodputPercent + 4),
            new Totals.Share(objectives.get(1), goodputPercent + 1)));
  }

  private ClientHealth client(double medianLag) {
    Summary lag = summary(samples(24_000, () -> lognormal(medianLag, 0.5)));
    return new ClientHealth(lag, lag, 31.0, 22.5);
  }

  private ColdWarm coldWarm() {
    Summary cold = summary(samples(2_200, () -> lognormal(364, 0.5)));
    Summary warm = summary(samples(8_790, () -> lognormal(150, 0.5)));
    return new ColdWarm(cold, warm, 1.1, new ColdWarm.SpeedUp(2.43, 2.37, 2.48));
  }

  private List<Second> timeline(int ok, int ko) {
    List<Second> seconds = new ArrayList<>();
    for (int second = -8; second < 60; second++) {
      double pace = second < -4 ? 0.4 : 1 + random.nextGaussian() * .06;
      double p50 = (second < -5 ? 700 : 140) + random.nextGaussian() * 9;
      double p95 = p50 * (1.9 + random.nextDouble() * .5);
      seconds.add(
          new Second(
              second,
              (ok + ko) / 60,
              ok / 60,
              ko / 60,
              pace * ok * 64 / 60.0,
              Math.min(64, (second + 9) * 9) + random.nextDouble(),
              second == 20 ? null : new Ttft(ok / 60, p50, p95, p95 * 1.4)));
    }
    seconds.add(new Second(60, 2, 2, 0, 64, 1, null));
    return seconds;
  }

  private double lognormal(double median, double sigma) {
    return median * Math.exp(sigma * random.nextGaussian());
  }

  private static double[] samples(int count, DoubleSupplier draw) {
    double[] samples = new double[count];
    Arrays.setAll(samples, index -> Math.round(draw.getAsDouble() * 1e3) / 1e3);
    Arrays.sort(samples);
    return samples;
  }

  private static Summary summary(double[] sorted) {
    double mean = Arrays.stream(sorted).average().orElseThrow();
    double variance = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return new Summary(
        sorted.length,
        mean,
        Math.sqrt(variance),
        sorted[0],
        percentile(sorted, .5),
        percentile(sorted, .75),
        percentile(sorted, .9),
        percentile(sorted, .95),
        percentile(sorted, .99),
        percentile(sorted, .999),
        sorted[sorted.length - 1]);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static Buckets buckets(double[] sorted) {
    TreeMap<Double, Long> buckets = new TreeMap<>();
    for (double value : sorted) {
      double magnitude = Math.pow(10, Math.floor(Math.log10(Math.max(1e-3, Math.abs(value)))) - 1);
      buckets.merge(Math.ceil(value / magnitude) * magnitude, 1L, Long::sum);
    }
    return new Buckets(
        buckets.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
        buckets.values().stream().mapToLong(Long::longValue).toArray(),
        sorted.length);
  }
}
