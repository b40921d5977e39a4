package dev.gatlingllm.benchmarks;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Status;
import dev.gatlingllm.metrics.ResponseSink;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Users whose conversations have long contexts and 20 turns. Writes what their requests cost after
 * a warm-up into a file. Runs in a process of {@link ContextsCommand}.
 */
public class ContextsClient extends Simulation {

  static final String FILE = "benchmark.file";
  static final String USERS = "benchmark.users";
  static final String TOKENS = "benchmark.tokens";
  static final String SHARED = "benchmark.shared";
  static final String PAUSE_MILLIS = "benchmark.pauseMillis";
  static final String WARM_UP = "benchmark.warmUp";
  static final String SECONDS = "benchmark.seconds";

  private static final int GROUPS = 4;
  private static final int TURNS = 20;

  private final int users = Integer.getInteger(USERS);
  private final int tokens = Integer.getInteger(TOKENS);
  private final int warmUp = Integer.getInteger(WARM_UP);
  private final int seconds = Integer.getInteger(SECONDS);
  private final Measured measured = new Measured();

  {
    boolean shared = Boolean.getBoolean(SHARED);
    TokenRun.current().addObserver(measured);
    setUp(
            scenario("contexts")
                .forever()
                .on(
                    exec(sharedPrefix()
                            .groups(GROUPS)
                            .systemPromptTokens(shared ? tokens : 64)
                            .privateContextTokens(shared ? 0 : tokens)
                            .questionTokens(64)
                            .outputTokens(16)
                            .turns(TURNS)
                            .pinned())
                        .asLongAs(hasNextTurn())
                        .on(
                            exec(chatTurn("turn")),
                            pause(Duration.ofMillis(Integer.getInteger(PAUSE_MILLIS)))))
                .injectOpen(rampUsers(users).during(Duration.ofSeconds(Math.max(1, warmUp / 2)))))
        .protocols(llmTarget())
        .maxDuration(Duration.ofSeconds(warmUp + seconds));
  }

  @Override
  public void after() {
    try {
      Files.writeString(Path.of(System.getProperty(FILE)), measured.row());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the use of the process at the first response after the warm-up, and at the end. */
  private final class Measured implements RunObserver {

    private final long begin = System.nanoTime();
    private final CompilerThreads compilers = new CompilerThreads();
    private final Histogram delays = new Histogram(3);
    private Usage used;
    private long requests;
    private long failed;

    @Override
    public List<ResponseSink> sinks(TokenRun run) {
      return List.of(this::add);
    }

    private synchronized void add(Response response, String iteration) {
      if (System.nanoTime() - begin < Duration.ofSeconds(warmUp).toNanos()) {
        return;
      }
      if (used == null) {
        used = Usage.now(compilers);
      }
      requests++;
      failed += response.outcome().status() == Status.KO ? 1 : 0;
      if (response.turn().number() == TURNS) {
        delays.recordValue(Math.max(0, response.timing().scheduleDelayNanos()));
      }
    }

    synchronized String row() {
      if (used == null) {
        throw new IllegalStateException("no request ended after the warm-up: raise --seconds");
      }
      Usage since = Usage.now(compilers).since(used);
      Runtime runtime = Runtime.getRuntime();
      List<String> row = new ArrayList<>();
      row.add(number(requests * 1e9 / since.nanos()));
      row.add(number(since.process() / 1e3 / requests));
      row.add(number(since.loops() / 1e3 / requests));
      row.add(number(since.compiler() / 1e3 / requests));
      row.add(number((double) since.loopBytes() / requests / 1e3));
      row.add(number(since.gcMillis() * 1e8 / since.nanos()));
      row.add(delay(50));
      row.add(delay(99));
      System.gc();
      row.add(number((runtime.totalMemory() - runtime.freeMemory()) / 1e6));
      row.add(Long.toString(failed));
      return String.join(";", row);
    }

    /** Returns a percentile in ms, or not a number without any value. */
    private String delay(double percentile) {
      return delays.getTotalCount() == 0
          ? "NaN"
          : number(delays.getValueAtPercentile(percentile) / 1e6);
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.3f", value);
    }
  }
}
