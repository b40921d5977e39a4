package dev.gatlingllm.benchmarks;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Users who send one short request after another, until the time is over. The last line with {@link
 * #MEASURED} on the standard output has the figures.
 */
public class ShortResponseClient extends Simulation {

  /** Precedes requests, nanoseconds, and the nanoseconds of processor time by thread. */
  static final String MEASURED = "measured ";

  static final String BODY =
      "{\"model\":\"simulated\",\"messages\":[{\"role\":\"user\",\"content\":\"Is it?\"}],"
          + "\"max_tokens\":1}";

  private final Load load = Load.ofThisProcess();
  private final LongAdder responses = new LongAdder();
  private final CountDownLatch firstResponse = new CountDownLatch(1);
  private volatile boolean over;

  {
    Thread watcher = new Thread(this::measure, "benchmark-watcher");
    watcher.setDaemon(true);
    watcher.start();
    setUp(
            scenario("short")
                .asLongAs(session -> !over)
                .on(
                    request(),
                    exec(
                        session -> {
                          responses.increment();
                          firstResponse.countDown();
                          return session;
                        }))
                .injectOpen(atOnceUsers(load.streams())))
        .protocols(llmTarget());
  }

  private ChainBuilder request() {
    HttpRequestActionBuilder request =
        http("short").post("/v1/chat/completions").body(StringBody(BODY)).asJson();
    return load.kind() == ClientKind.PLAIN
        ? exec(request.check(status().is(200)))
        : exec(tokenTimed(request));
  }

  private void measure() {
    try {
      firstResponse.await();
      TimeUnit.SECONDS.sleep(load.warmUpSeconds());
      long before = responses.sum();
      CompilerThreads compilers = new CompilerThreads();
      Usage begin = Usage.now(compilers);
      TimeUnit.SECONDS.sleep(load.seconds());
      Usage used = Usage.now(compilers).since(begin);
      long measured = responses.sum() - before;
      System.out.printf(
          "%n%s%d %d %d %d %d %d %d%n",
          MEASURED,
          measured,
          used.nanos(),
          used.process(),
          used.loops(),
          used.recorder(),
          used.compiler(),
          used.loopBytes());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
    }
  }
}
