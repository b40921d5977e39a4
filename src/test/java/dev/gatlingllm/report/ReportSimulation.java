package dev.gatlingllm.report;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.group;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatlingllm.gatling.TokensTab;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A run of a few requests to a server on the loopback address, that publishes one of the
 * {@linkplain SampleRun samples} as if those requests had been token-timed. Started by {@link
 * GatlingFork}.
 */
public class ReportSimulation extends Simulation {

  static final String SAMPLE = "report.sample";
  static final String FOUND_FOLDER = "report.foundFolder";

  private final HttpServer server = start();

  public ReportSimulation() {
    String baseUrl = "http://127.0.0.1:" + server.getAddress().getPort();
    setUp(
            scenario(SampleRun.HOSTILE_NAME)
                .exec(
                    exec(
                        session -> {
                          rememberFolder();
                          return session;
                        }),
                    http("login").get("/ok"),
                    repeat(5).on(exec(http("answer").get("/ok"))),
                    http("answer").get("/busy").check(status().is(200)),
                    http(SampleRun.HOSTILE_NAME).get("/ok"),
                    group("wrap-up").on(http("summary").get("/ok"), http("answer").get("/ok")))
                .injectOpen(atOnceUsers(3)))
        .protocols(http.baseUrl(baseUrl).disableWarmUp().shareConnections());
  }

  private static HttpServer start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      answer(server, "/ok", 200);
      answer(server, "/busy", 429);
      server.start();
      return server;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static void answer(HttpServer server, String path, int status) {
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
  }

  private static void rememberFolder() {
    String found = RunFolder.find().map(Path::toString).orElse("");
    try {
      Files.writeString(Path.of(System.getProperty(FOUND_FOLDER)), found);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  @Override
  public void after() {
    server.stop(0);
    switch (System.getProperty(SAMPLE)) {
      case "busy" -> addTab(SampleRun.busy());
      case "refused" -> addTab(SampleRun.refused());
      default -> {}
    }
  }

  /** As a run does, after Gatling has written its report. */
  private static void addTab(RunReport report) {
    Path folder = RunFolder.find().orElseThrow();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    System.out.println(TokensTab.addTo(folder, new TokensPage(report, previous())));
                  } catch (IOException problem) {
                    throw new UncheckedIOException(problem);
                  }
                }));
  }

  /** The run before, as the list of runs has it; its files may come from anybody. */
  private static JsonNode previous() {
    return new ObjectMapper()
        .valueToTree(
            Map.of(
                "folder",
                "reportsimulation-20260101030405006",
                "start",
                "2026-01-01T03:04:05Z",
                "run",
                Map.of("model", SampleRun.HOSTILE_NAME, "settings", Map.of("users", "8")),
                "totals",
                Map.of("outputTokensPerSecond", 20_000, "failedPercent", "none"),
                "metrics",
                Map.of("ttft", Map.of("count", 50, "p95", 10))));
  }
}
