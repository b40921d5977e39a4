package dev.gatlingllm.report;

import dev.gatlingllm.metrics.Buckets;
import dev.gatlingllm.metrics.ClientHealth;
import dev.gatlingllm.metrics.Figure;
import dev.gatlingllm.metrics.Interval;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response.Outcome;
import dev.gatlingllm.metrics.RunSummary;
import dev.gatlingllm.metrics.RunSummary.Outcomes;
import dev.gatlingllm.metrics.ScopeSummary;
import dev.gatlingllm.metrics.ScopeSummary.Second;
import dev.gatlingllm.metrics.ServerClock;
import dev.gatlingllm.metrics.Summary;
import dev.gatlingllm.report.Finding.Level;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Numbers;
import dev.gatlingllm.text.Plurals;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Findings about the load: whether the generator kept up, and what the window left out. */
final class LoadFindings extends FindingSource {

  /** Limit of the time that garbage collection stopped this process, in percent of the window. */
  private static final double MAX_GC_PERCENT = 5;

  /** In a shorter run, most of what a load generator does is done for the first time. */
  private static final double MIN_WARM_SECONDS = 5;

  /** A 99th percentile of fewer samples is their maximum. */
  private static final int MIN_DELAYS = 100;

  /** Of fewer connections, one may be slow by chance. */
  private static final int MIN_CONNECTIONS = 5;

  /** Of fewer samples, the maximum is part of the 95th percentile. */
  private static final int MIN_FOR_P95 = 40;

  /** Users feel a longer wait. */
  private static final double MAX_CONNECT_MILLIS = 1_000;

  /** Connecting takes some round trips: usual within a region, even with TLS. */
  private static final double MAX_CONNECT_P50 = 100;

  /** Waiting requests below this share of all are usual at the end of a window. */
  private static final double MAX_WAITING_PERCENT = 5;

  /** Percentiles hardly lack fewer responses. */
  private static final double MIN_ABANDONED_PERCENT = 1;

  private static final int MAX_NAMED = 3;

  /** As many as responses per second × TTFT wait at any moment, by Little's law. */
  private static final double FAR_MORE_WAITING = 2;

  /** A response whose latency is left out may be one of the slow ones. */
  private static final double MAX_WARM_UP_PERCENT = 10;

  /** A request that does not end in the window is likely to be a long one. */
  private static final double MAX_UNFINISHED_PERCENT = 10;

  /** By less than this factor, requests per second may rise for other reasons. */
  private static final double MIN_GROWTH = 1.25;

  /** By fewer standard deviations, more users may come than leave by chance. */
  private static final double SIGMAS = 2.5;

  /** With fewer durations than this share of completed conversations, the long ones have none. */
  private static final double MIN_TIMED_SHARE = 0.75;

  /** In a steady load, this share of the tokens takes the same share of the window. */
  private static final double FEW_TOKENS = 0.05;

  private static final double MAX_OFF_PLAN = 0.05;

  /** Of fewer users, one or two that come around a border of the window are a larger share. */
  private static final long MIN_PLANNED = 60;

  private static final double MAX_IDLE_SHARE = 0.25;

  /** In a short window, a single response or pause may be that long. */
  private static final double MIN_IDLE_SECONDS = 5;

  /** Shorter pauses of a stream hardly matter to a user. */
  private static final double MIN_PAUSE_MILLIS = 2_000;

  /** So many times as long as nearly any gap, it is no usual one. */
  private static final double FAR_LONGER = 10;

  /** A smaller part of all responses, and of their time, does not matter much. */
  private static final double MIN_PAUSED_SHARE = 0.01;

  private static final long MIN_PAUSES = 2;

  /** A server that holds calls back does so with more of them; others have no text before. */
  private static final double HELD_BACK = 0.25;

  /** A server's log has times of about this precision. */
  private static final double MAX_CLOCK_MILLIS = 100;

  LoadFindings(RunInfo info, RunSummary run, List<Finding> found) {
    super(info, run, found);
  }

  @Override
  void find() {
    if (info.shard() != null && info.shard().sharesLoad()) {
      shard(info.shard());
    }
    if (run.client() != null) {
      client(run.client());
    }
    lateStart();
    arrivals();
    if (info.clock() != null) {
      clock(info.clock());
    }
    sendDelay(run.overall().metrics().get(Figure.SEND_DELAY));
    connecting(run.overall().metrics().get(Figure.CONNECT_TIME));
    outsideTheWindow();
    Optional<Stall> stall = Stall.of(run);
    stall.ifPresentOrElse(this::stall, this::paused);
    idle(stall.map(Stall::seconds).orElse(0.0));
    cut();
    waiting();
    stalled();
    unfinished();
    abandoned();
    buildingUp();
    unfinishedConversations();
    addIfAny(
        Level.WARNING,
        "resent",
        totals.count(Figure.RESENT),
        "%,d request{s} w{as|ere} written twice, because a reused connection closed, or an HTTP/2"
            + " server refused {it|them}, before any response. Latencies count from the first time."
            + " The server stopped, or it or a gateway closes connections early: if idle ones,"
            + " raise its keep-alive timeout above the think time.");
    writtenInWarmUp();
  }

  private void arrivals() {
    if (run.arrivals() == null || run.arrivals().planned() == null) {
      return;
    }
    long users = run.arrivals().users();
    long planned = run.arrivals().planned().users();
    if (planned >= MIN_PLANNED && Math.abs(users - planned) > MAX_OFF_PLAN * planned) {
      add(
          Level.WARNING,
          "arrivals-off-plan",
          "%,d user{s} began in the window, where %,d w{as|ere} planned: this is another load than"
              + " the one that was asked for. A busy load generator starts users late, Gatling's"
              + " throttle and pauses before the first request hold them back, and users for whom"
              + " there is no conversation send nothing.",
          users,
          planned);
    }
  }

  private void lateStart() {
    long late = info.startDelayMillis().orElse(0);
    // a merged run lists the load generators that were late
    if (info.shard() != null && info.beganLate()) {
      warn(
          "late-start",
          "The load began %.1f s after llm.startAt. Load generators that were on time had begun"
              + " before, so that the server had less load at first and has less at the end. Set"
              + " llm.startAt later: a load generator needs some seconds to be ready.",
          late / 1e3);
    }
  }

  private void shard(RunInfo.Shard shard) {
    note(
        "shard",
        "This run is shard %d/%d of a load (%s). Its counts and rates are those of this part alone;"
            + " merge the runs of all %d shards for the whole.",
        shard.index(),
        shard.count(),
        shard.source(),
        shard.count());
  }

  private void client(ClientHealth client) {
    Summary all = client.eventLoopLag();
    Summary lag = client.worstLoopLag();
    if (all != null && lag != null && lag.p99() > ClientHealth.MAX_LAG_P99) {
      warn(
          "client-lag",
          "The load generator was a bottleneck: an event loop was %,.0f ms late at p99 (at most"
              + " %,.0f ms; all loops: %,.0f ms at p99). Latencies may be too high by as much. %s.",
          lag.p99(),
          lag.max(),
          all.p99(),
          run.durationSeconds() < MIN_WARM_SECONDS
              ? "A load generator is slow in its first seconds: measure for longer, after a warm-up"
              : "Use fewer users, a larger machine, or several load generators");
    }
    if (client.cpuPercent() != null && client.cpuPercent() > ClientHealth.MAX_CPU_PERCENT) {
      warn(
          "client-cpu",
          "The load generator used %.0f %% of all CPU cores. It may have caused the latencies"
              + " itself.%s",
          client.cpuPercent(),
          isServerOnThisMachine()
              ? " A simulated server in the same process shares these cores, so this run measures"
                  + " the machine more than the server."
              : "");
    }
    if (client.gcPauseMillis() != null
        && client.gcPauseMillis() > run.durationSeconds() * 10 * MAX_GC_PERCENT) {
      warn(
          "client-gc",
          "Garbage collection stopped the load generator for %,.0f ms of %.0f s; give it more"
              + " memory (-Xmx).",
          client.gcPauseMillis(),
          run.durationSeconds());
    }
  }

  private void clock(ServerClock clock) {
    Interval ahead = clock.aheadMillis();
    if (clock.contradictionMillis() > 0) {
      note(
          "clock-contradiction",
          "The Date headers of %,d response{s} contradict each other by %s ms: the server's clock"
              + " was set during the run, or replicas have different clocks. No latency depends on"
              + " it; only the server's own times cannot be compared with those of this report.",
          clock.responses(),
          Numbers.millis(clock.contradictionMillis()));
    } else if (Math.max(ahead.low(), -ahead.high()) > MAX_CLOCK_MILLIS) {
      boolean isAhead = ahead.low() > 0;
      note(
          "clock",
          "By the Date headers of %,d response{s}, the server's clock is from %s ms to %s ms %s the"
              + " load generator's. No latency depends on it. A common start (llm.startAt) and"
              + " comparisons with the server's logs do: synchronise the clocks.",
          clock.responses(),
          Numbers.millis(isAhead ? ahead.low() : -ahead.high()),
          Numbers.millis(isAhead ? ahead.high() : -ahead.low()),
          isAhead ? "ahead of" : "behind");
    }
  }

  private boolean isServerOnThisMachine() {
    if (info.target().baseUrl() == null) {
      return false;
    }
    String host = URI.create(info.target().baseUrl()).getHost();
    return host != null && (host.equals("localhost") || host.startsWith("127."));
  }

  private void sendDelay(@Nullable Summary delay) {
    if (delay != null
        && delay.count() >= MIN_DELAYS
        && delay.p99() > ClientHealth.MAX_SEND_DELAY_P99) {
      warn(
          "schedule-delay",
          "The load generator could not keep up: requests were sent up to %,.0f ms (p99) after they"
              + " were due, not counting the time to connect. Use fewer users, a larger machine, or"
              + " several load generators.",
          delay.p99());
    }
  }

  private void connecting(@Nullable Summary time) {
    if (time == null || time.count() < MIN_CONNECTIONS) {
      return;
    }
    double most = time.count() < MIN_FOR_P95 ? time.p50() : time.p95();
    boolean isFelt = most > MAX_CONNECT_MILLIS;
    if (isFelt || time.p50() > MAX_CONNECT_P50) {
      add(
          isFelt ? Level.WARNING : Level.NOTE,
          "connections-slow",
          "%,d requests opened a connection, which took %s ms at p50 and %s ms at p95. Users wait"
              + " for that, too, but no latency contains it: TTFT and E2E begin when a request is"
              + " written. Look at the network, and at TLS and the backlog of the server or what is"
              + " in front of it.",
          time.count(),
          Numbers.millis(time.p50()),
          Numbers.millis(time.p95()));
    }
  }

  /** Reports what the figures lack because it happened before or after the window. */
  private void outsideTheWindow() {
    Outcomes before = run.inWarmUp();
    Outcomes after = run.inDrain();
    if (totals.requests() == 0 && before.requests() + after.requests() > 0) {
      warn(
          "window-empty",
          "No response ended in the measured window of %s s: %,d ended before it, in the warm-up,"
              + " and %,d after it. Measure for longer than a response takes, or shorten the"
              + " warm-up.",
          Numbers.decimals(run.durationSeconds(), 1),
          before.requests(),
          after.requests());
    }
    failedOutside("failures-in-warm-up", "in the warm-up, before the measured window,", before);
    failedOutside("failures-in-drain", "in the drain, after the measured window,", after);
  }

  private void failedOutside(String kind, String when, Outcomes outcomes) {
    addIfAny(
        Level.WARNING,
        kind,
        outcomes.ko(),
        "%,d of the %,d response{s} that ended %s failed: %s. No other figure counts these.",
        outcomes.requests(),
        when,
        String.join(", ", outcomes.failures().keySet()));
  }

  private void stall(Stall stall) {
    OptionalDouble lag = stall.lagMillis(run);
    OptionalDouble generated = stall.generatedOn(run);
    warn(
        "stall",
        "While %,.0f requests were in flight, %s%s. Of a closed load, only these requests tell of"
            + " it: users send nothing while they wait, so that percentiles hardly change. %s",
        stall.inFlight(),
        stall.words(),
        stall.others() == 0
            ? ""
            : Plurals.format("; the same happened %,d more time{s}", stall.others()),
        lag.isPresent()
            ? "An event loop of the load generator was up to %s ms late in this run, too: see to that first."
                .formatted(Numbers.millis(lag.getAsDouble()))
            : generated.isPresent()
                ? ("By its own metrics, the server generated %s tokens in the window, and %s"
                        + " arrived here: it went on meanwhile, such as for requests that had timed"
                        + " out here, for users who had left, or for other clients.")
                    .formatted(
                        Numbers.grouped(generated.getAsDouble(), 0),
                        Numbers.grouped(totals.value(Figure.TOTAL_OUTPUT_TOKENS).orElse(0), 0))
                : "Look for what stops the server, or what is in front of it.");
  }

  /** Reports that some streams paused, which percentiles of many gaps hide. */
  private void paused() {
    Summary icl = run.overall().metrics().get(Figure.ICL);
    Buckets gaps = run.overall().buckets().get(Figure.ICL);
    if (icl == null || gaps == null) {
      return;
    }
    double from = Math.max(MIN_PAUSE_MILLIS, FAR_LONGER * icl.p99());
    long pauses = gaps.countFrom(from);
    double allMillis = run.overall().sum(Figure.E2E);
    Buckets calls = Buckets.pooled(ofEndedBy(Outcome.AT_A_CALL, Figure.ICL));
    boolean areHeldBack = run.count(Oddity.HELD_BACK) >= HELD_BACK * endedBy(Outcome.AT_A_CALL);
    long ofCalls = areHeldBack ? calls.countFrom(from) : 0;
    double ofCallsMillis = areHeldBack ? calls.sumFrom(from) : 0;
    double millis = gaps.sumFrom(from);
    if (isMuch(pauses, millis, allMillis)) {
      add(
          isMuch(pauses - ofCalls, millis - ofCallsMillis, allMillis) ? Level.WARNING : Level.NOTE,
          "paused",
          "%,d gaps between chunks took %s ms or longer, up to %s ms; p99 of ICL was %s ms. Streams"
              + " paused: one replica may have stood still, the prefill of other prompts may stop"
              + " the batch, or the server preempts responses, runs tools itself, or sends a call"
              + " of one when it is complete. Compare replicas, and look at the server's"
              + " preemptions.",
          pauses,
          Numbers.millis(from),
          Numbers.millis(icl.max()),
          Numbers.millis(icl.p99()));
    }
  }

  private boolean isMuch(long pauses, double millis, double allMillis) {
    return pauses >= MIN_PAUSES
        && (pauses >= MIN_PAUSED_SHARE * totals.ok() || millis >= MIN_PAUSED_SHARE * allMillis);
  }

  /**
   * Reports a long time without tokens, such as that of a straggler for which a window waits that
   * ends with the last response.
   *
   * @param stallSeconds the longest stall, which is told already
   */
  private void idle(double stallSeconds) {
    List<Second> measured = run.measuredSeconds();
    double few = FEW_TOKENS * measured.stream().mapToDouble(Second::outputTokens).sum();
    double longest = 0;
    double tokens = 0;
    for (int first = 0, last = 0; last < measured.size(); last++) {
      tokens += measured.get(last).outputTokens();
      for (; tokens > few; first++) {
        tokens -= measured.get(first).outputTokens();
      }
      double end =
          last + 1 < measured.size() ? measured.get(last + 1).second() : run.durationSeconds();
      if (first <= last) {
        longest = Math.max(longest, end - measured.get(first).second());
      }
    }
    if (few > 0
        && longest >= MIN_IDLE_SECONDS
        && longest > 2 * stallSeconds
        && longest > MAX_IDLE_SHARE * run.durationSeconds()) {
      warn(
          "window-idle",
          "Hardly any tokens arrived for %.0f of the %.0f s that were measured: the load was low or"
              + " had run out, or the server was slow or did not answer. Rates are over the whole"
              + " window. If the load had run out, measure(…) can end the window before; what a"
              + " server does not answer counts.",
          longest,
          run.durationSeconds());
    }
  }

  private void cut() {
    Summary age = run.overall().metrics().get(Figure.CUT_AGE);
    addIfAny(
        Level.WARNING,
        "cut",
        totals.count(Figure.CUT),
        "%,d request{s} of the window w{as|ere} under way when the load was stopped%s: neither"
            + " successful nor failed. Tokens count, but end-to-end latencies are unknown, and it"
            + " is mostly long responses that are cut. To let them finish, end the injection and do"
            + " not stop the run before its last response.",
        age == null
            ? ""
            : ", on average for %s ms and at most for %s ms"
                .formatted(Numbers.millis(age.mean()), Numbers.millis(age.max())));
  }

  /** Some requests always wait at the end of a window; more than usual, or for longer, is news. */
  private void waiting() {
    Summary age = run.overall().metrics().get(Figure.WAITING_AGE);
    if (age == null) {
      return;
    }
    // where nothing streams, all that is under way waits
    List<ScopeSummary> bodies =
        Kinds.inOnePiece(run).stream().map(name -> run.byRequest().get(name)).toList();
    long waiting = age.count() - sum(bodies, body -> body.samples(Figure.WAITING_AGE));
    long ended = totals.requests() - sum(bodies, body -> body.totals().requests());
    boolean isMany =
        waiting > 1
            && run.overall().samples(Figure.TPOT) > 0
            && 100.0 * waiting > MAX_WAITING_PERCENT * ended;
    double millis = run.overall().sum(Figure.TTFT);
    for (ScopeSummary body : bodies) {
      millis -= body.sum(Figure.TTFT);
    }
    double usual = millis / 1e3 / run.durationSeconds();
    boolean isLong = run.overall().outlasts(Figure.TTFT);
    if (isMany || isLong) {
      add(
          isLong || waiting > FAR_MORE_WAITING * usual ? Level.WARNING : Level.NOTE,
          "waiting",
          "%,d request{s} still waited for a first token at the end of the measured window, or when"
              + " their users left, for up to %s ms%s; %,d response{s} ended in it. TTFT has no"
              + " sample of the waiting ones, so its true percentiles may be higher. %s, or reduce"
              + " the load.",
          age.count(),
          Numbers.millis(age.max()),
          waiting == age.count() ? "" : ofStreams(waiting),
          totals.requests(),
          totals.count(Figure.ABANDONED) == 0
              ? "Measure for longer"
              : "Let users leave later, measure for longer");
    }
  }

  /** Tells apart those that do not wait for their whole body. */
  private String ofStreams(long waiting) {
    List<String> bodies = Kinds.inOnePiece(run);
    double longest =
        run.byRequest().entrySet().stream()
            .filter(request -> !bodies.contains(request.getKey()))
            .map(request -> request.getValue().metrics().get(Figure.WAITING_AGE))
            .filter(Objects::nonNull)
            .mapToDouble(Summary::max)
            .max()
            .orElse(0);
    return waiting == 0
        ? " (none of a stream)"
        : " (%s of streams, for up to %s ms)"
            .formatted(Numbers.grouped(waiting), Numbers.millis(longest));
  }

  private static long sum(List<ScopeSummary> scopes, ToLongFunction<ScopeSummary> count) {
    return scopes.stream().mapToLong(count).sum();
  }

  private void stalled() {
    Summary open = run.overall().metrics().get(Figure.OPEN_GAP);
    Summary icl = run.overall().metrics().get(Figure.ICL);
    if (open != null && icl != null && open.max() > icl.max()) {
      warn(
          "stalled",
          "A stream that had not ended at the end of the measured window, or when its user left,"
              + " had sent nothing for %s ms; the longest gap between chunks that ended took %s ms."
              + " ICL has no sample of gaps that had not ended, so its true maximum is higher."
              + " Measure for longer, or look for what stops the server.",
          Numbers.millis(open.max()),
          Numbers.millis(icl.max()));
    }
  }

  private void unfinished() {
    long unfinished = totals.count(Figure.UNFINISHED);
    long all = totals.requests() + unfinished;
    if (totals.requests() > 0 && 100.0 * unfinished > MAX_UNFINISHED_PERCENT * all) {
      note(
          "unfinished",
          "%,d of %,d request{s} had not ended when the measured window did. E2E and TPOT are"
              + " of responses that ended in it, so the longest ones are missing, and the true"
              + " percentiles are higher. Measure for longer.",
          unfinished,
          all);
    }
  }

  private void abandoned() {
    long left = totals.count(Figure.ABANDONED);
    // users who leave a usual response after a time leave some of any pace
    List<String> slowest =
        run.byRequest().entrySet().stream()
            // the longest of fewer says little of what others would have taken
            .filter(one -> one.getValue().samples(Figure.E2E) >= Latency.MIN_RESPONSES)
            .filter(one -> leftTheSlowest(one.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    boolean areOfAll = leftTheSlowest(run.overall());
    boolean areSlowest = areOfAll || !slowest.isEmpty();
    boolean isNamed = !areOfAll && run.byRequest().size() > 1;
    addIfAny(
        areSlowest ? Level.WARNING : Level.NOTE,
        "abandoned",
        left,
        "%,d response{s} had not ended when {its|their} user{s} left. E2E, TPOT and NTPOT are of"
            + " responses that users awaited. %s, and the true percentiles are higher.",
        areSlowest
            ? "Users%s had waited for longer than any response%s took that ended, so the slowest are missing"
                .formatted(
                    isNamed ? " of " + Names.first(MAX_NAMED, slowest) : "",
                    isNamed ? " of the same request" : "")
            : "Where users leave after a time, the slowest are missing");
    String share = info.load().settings().getOrDefault("abandon", "0");
    if (!share.matches("0+(\\.0+)?%?") && totals.requests() > 0 && run.abandoned() == 0) {
      note(
          "nobody-abandoned",
          "llm.abandon is %s, but no user left before the end of a response: users who leave after"
              + " %s found it complete, or there were too few responses for any of them to leave.",
          share,
          info.load().settings().getOrDefault("abandonAfter", "a while"));
    }
  }

  /** Returns whether users left who had waited for longer than any response took that ended. */
  private static boolean leftTheSlowest(ScopeSummary scope) {
    long left = scope.totals().count(Figure.ABANDONED);
    Summary age = scope.metrics().get(Figure.UNFINISHED_REQUEST_AGE);
    Summary e2e = scope.metrics().get(Figure.E2E);
    // of these ages, most are of users who left, and most are longer
    return left > 0
        && 100.0 * left >= MIN_ABANDONED_PERCENT * (scope.totals().requests() + left)
        && age != null
        && 2 * left > age.count()
        && (e2e == null || age.p50() > e2e.max());
  }

  /**
   * An open load of long conversations grows until as many of them end as users come. Both numbers
   * vary as much as the times between arrivals do, in a load that does not grow, and as Poisson's
   * at least.
   */
  private void buildingUp() {
    Summary turns = run.overall().metrics().get(Figure.CONVERSATION_TURNS);
    if (run.arrivals() == null
        || run.arrivals().wereAtOnce()
        || (turns != null && turns.max() <= 1)) {
      return;
    }
    long came = run.arrivals().users();
    Double known = run.arrivals().variation();
    double variation = known == null ? 1 : Math.max(1, known);
    long unfinished = totals.unfinishedConversations();
    long ended = totals.count(Figure.CONVERSATIONS) - unfinished;
    long first = requestsBetween(0, run.durationSeconds() / 3);
    long last = requestsBetween(2 * run.durationSeconds() / 3, run.durationSeconds());
    // of those who still wait for their first response, only the age is known
    long open = Math.max(unfinished, run.overall().samples(Figure.CONVERSATION_AGE));
    if (came - ended <= open
        && came - ended > SIGMAS * variation * Math.sqrt(came + ended)
        && last > MIN_GROWTH * first) {
      warn(
          Finding.BUILDING_UP,
          "The load was still growing: %,d user{s} came in the window, and %,d conversation{s}"
              + " ended, so that requests rose from %,d in its first third to %,d in the last. Its"
              + " figures are of less load than these arrivals become. Warm up for at least as long"
              + " as a conversation lasts.",
          came,
          ended,
          first,
          last);
    }
  }

  private long requestsBetween(double from, double to) {
    return run.measuredSeconds().stream()
        .filter(step -> step.second() >= from && step.second() < to)
        .mapToLong(Second::requests)
        .sum();
  }

  private void unfinishedConversations() {
    Summary turns = run.overall().metrics().get(Figure.CONVERSATION_TURNS);
    long unfinished = totals.unfinishedConversations();
    long completed = totals.count(Figure.COMPLETED_CONVERSATIONS);
    long timed = run.overall().samples(Figure.CONVERSATION_DURATION);
    boolean haveAllEnded = unfinished == 0 && run.ranOut();
    if (haveAllEnded || "forever".equals(info.load().settings().get("turns"))) {
      return;
    }
    if (turns == null && completed == 0) {
      addIfAny(
          Level.NOTE,
          "conversations-unfinished",
          unfinished,
          "%,d conversation{s} had not ended when the measured window did, and none had completed:"
              + " figures of conversations are unknown. Measure for several times the duration of a"
              + " conversation.");
    } else if ((turns == null || turns.max() > 1)
        && (unfinished > completed || timed < MIN_TIMED_SHARE * completed)) {
      note(
          "conversations-unfinished",
          "%,d conversation{s} completed in the measured window, of which %,d had begun in it and"
              + " have a duration; %,d had not ended. Durations lack the long ones: they may be too"
              + " low, and turns, too. Measure for several times the duration of a conversation.",
          completed,
          timed,
          unfinished);
    }
  }

  private void writtenInWarmUp() {
    long leftOut = totals.count(Figure.WRITTEN_IN_WARM_UP);
    if (100.0 * leftOut > MAX_WARM_UP_PERCENT * totals.requests()) {
      note(
          "written-in-warm-up",
          "%,d of %,d response{s} began in the warm-up. Such responses are counted, but give no"
              + " latency. Measure for longer to have more samples.",
          leftOut,
          totals.requests());
    }
  }
}
