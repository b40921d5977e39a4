package dev.gatlingllm.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** The server's prefix cache at the start of a fork. */
enum CacheStart {

  /** Has none of the fork's prompts: every fork has its own salt, and so its own prompts. */
  FRESH("cold, every fork has prefixes of its own"),
  /** Empty: all forks send the same prompts, after the server has emptied its cache. */
  RESET("cold, emptied before every fork"),
  /** As the forks before left it: all forks send the same prompts. */
  KEEP("as the fork before left it, all forks send the same prompts");

  /** Of vLLM, in its development mode, and of SGLang. */
  private static final List<String> RESET_ENDPOINTS =
      List.of("/reset_prefix_cache", "/flush_cache");

  private static final Duration RESET_TIMEOUT = Duration.ofSeconds(30);

  final String meaning;

  CacheStart(String meaning) {
    this.meaning = meaning;
  }

  /**
   * Tells a server to empty its prefix cache, and returns when it has done so.
   *
   * @throws IllegalArgumentException if the server does not support it, with the remedy
   */
  static void reset(Optional<String> baseUrl) {
    String root =
        baseUrl.orElseThrow(
            () ->
                new IllegalArgumentException("-cache reset: the protocol has no baseUrl; set one"));
    StringJoiner answers = new StringJoiner(", ");
    for (String endpoint : RESET_ENDPOINTS) {
      String answer = post(root + endpoint);
      if (answer.startsWith("2")) {
        return;
      }
      answers.add(endpoint + " " + answer);
    }
    throw new IllegalArgumentException(
        "-cache reset: the server does not empty its cache ("
            + answers
            + "); start vLLM with VLLM_SERVER_DEV_MODE=1, or leave -cache out: then every fork has"
            + " prefixes of its own");
  }

  /** Returns the status of the response, or the error. */
  private static String post(String url) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(RESET_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.noBody());
    String key = System.getenv("LLM_API_KEY");
    if (key != null && !key.isBlank()) {
      request.header("Authorization", "Bearer " + key.strip());
    }
    HttpClient client = HttpClient.newBuilder().connectTimeout(RESET_TIMEOUT).build();
    try {
      return "" + client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
