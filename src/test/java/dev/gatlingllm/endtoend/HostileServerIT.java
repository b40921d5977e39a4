package dev.gatlingllm.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.report.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run against a server that does all of {@link HostileCase}, in a heap of 256 MB: every response
 * gets its verdict, and nothing that the server sent harms the run, the terminal or a page, or
 * shows the API key.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Order(6)
class HostileServerIT {

  /** It has characters that URLs and base64 change. */
  private static final String KEY = "sk-hostile/T0p+Secret=0123456789";

  private HostileServer server;
  private Run run;
  private Map<String, List<JsonNode>> linesByCase;

  @BeforeAll
  void run(@TempDir Path results) throws Exception {
    server = HostileServer.start(HostileCase.all());
    run =
        new GatlingFork(results)
            .jvm("-Xmx256m")
            .with("llm.baseUrl", server.http1Url())
            .with("llm.chunkTimeout", "5s")
            .with(HostileLoad.HTTP_2_URL, server.http2Url())
            .withEnvironment("LLM_API_KEY", KEY)
            .run(HostileLoad.class);
    assertThat(run.exit()).as(run.output()).isZero();
    linesByCase = run.requests().stream().collect(groupingBy(line -> line.get("request").asText()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  Stream<HostileCase> cases() {
    return HostileCase.all().values().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void responseGetsItsVerdict(HostileCase hostile) {
    assertThat(linesByCase.get(hostile.name()))
        .as("responses")
        .hasSize(hostile.http1Only() ? 2 : 4)
        .allSatisfy(
            line ->
                assertThat(line.get("failure").asText("OK"))
                    .as("%s", line)
                    .matches(hostile.result()));
  }

  @Test
  void noSingleResponseTakesTheMemory() {
    assertThat(run.output()).doesNotContain("OutOfMemoryError", "Fatal error");
  }

  @Test
  void turnsAreNotSentToAnotherHost() {
    assertThat(server.requestsElsewhere()).noneMatch(request -> !isOwn(request));
  }

  @Test
  void redirectedRequestsOfTheUsersOwnCarryNoCredentials() {
    assertThat(server.requestsElsewhere())
        .filteredOn(HostileServerIT::isOwn)
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request).doesNotContain(secrets()));
  }

  private static boolean isOwn(String request) {
    return request.contains("X-Own");
  }

  @Test
  void noFileHasASecret() throws IOException {
    assertThat(run.output()).doesNotContain(secrets());
    for (Map.Entry<String, String> file : texts().entrySet()) {
      assertThat(file.getValue()).as(file.getKey()).doesNotContain(secrets());
    }
  }

  /** Returns the beginning of each secret, in every writing of the API key. */
  private static String[] secrets() {
    List<String> secrets = new ArrayList<>();
    secrets.add(KEY.substring(0, 12));
    secrets.add(URLEncoder.encode(KEY, UTF_8).substring(0, 20));
    secrets.add(Base64.getEncoder().encodeToString(KEY.getBytes(UTF_8)).substring(0, 20));
    secrets.add("\\u0073\\u006b\\u002d\\u0068");
    HostileLoad.OWN_SECRETS
        .values()
        .forEach(value -> secrets.add(value.replace("session=", "").substring(0, 12)));
    return secrets.toArray(new String[0]);
  }

  @Test
  void noFileHasControlCharactersOrLinesOfTheServer() throws IOException {
    assertThat(run.output()).doesNotContain("\u001b", "\u0007", "\u202e", "\u001e");
    assertThat(run.output().lines()).noneMatch(line -> line.startsWith(HostileCase.FORGED));
    String override = new String("\u202e".getBytes(UTF_8), StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> file : texts().entrySet()) {
      if (!file.getKey().matches("(js|style)/.*")) {
        assertThat(file.getValue())
            .as(file.getKey())
            .doesNotContain("\u001b[31m", "\u001b]0;", override);
        assertThat(file.getValue().lines())
            .as(file.getKey())
            .noneMatch(line -> line.startsWith(HostileCase.FORGED));
      }
    }
  }

  @Test
  void noPageRunsTheServersMarkup(@TempDir Path work) throws IOException {
    Browser.require();
    try (Browser browser = new Browser(run.folder(), work);
        Stream<Path> files = Files.list(run.folder())) {
      for (Path page : files.filter(file -> file.toString().endsWith(".html")).toList()) {
        String name = page.getFileName().toString();
        if (name.equals("index.html") || name.contains("markup")) {
          browser.visit(name);
          assertThat(browser.js("document.documentElement.dataset.pwned || 'no'"))
              .as(name)
              .isEqualTo("no");
          assertThat(browser.console()).as(name).isEmpty();
        }
      }
    }
  }

  /** Returns every file that the run left, unpacked, by name. */
  private Map<String, String> texts() throws IOException {
    Map<String, String> texts = run.texts();
    for (String name : List.copyOf(texts.keySet())) {
      if (name.endsWith(".gz")) {
        try (InputStream in =
            new GZIPInputStream(Files.newInputStream(run.folder().resolve(name)))) {
          texts.put(name, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return texts;
  }
}
