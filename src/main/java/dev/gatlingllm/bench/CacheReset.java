package dev.gatlingllm.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells a server to empty its prefix cache. */
final class CacheReset {

  /** Of vLLM, in its development mode, and of SGLang. */
  private static final List<String> ENDPOINTS = List.of("/reset_prefix_cache", "/flush_cache");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private CacheReset() {}

  /**
   * Sends the request; returns when the cache is empty.
   *
   * @throws IllegalArgumentException if the server does not support it, with the remedy
   */
  static void of(Optional<String> baseUrl) {
    String root =
        baseUrl.orElseThrow(
            () ->
                new IllegalArgumentException("-cache reset: the protocol has no baseUrl; set one"));
    StringBuilder answers = new StringBuilder();
    for (String endpoint : ENDPOINTS) {
      String answer = post(root + endpoint);
      if (answer.startsWith("2")) {
        return;
      }
      answers.append(answers.isEmpty() ? "" : ", ").append(endpoint).append(" ").append(answer);
    }
    throw new IllegalArgumentException(
        "-cache reset: the server does not empty its cache ("
            + answers
            + "); start vLLM with VLLM_SERVER_DEV_MODE=1, or leave -cache out: then every fork has"
            + " prefixes of its own");
  }

  private static String post(String url) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.noBody());
    String key = System.getenv("LLM_API_KEY");
    if (key != null && !key.isBlank()) {
      request.header("Authorization", "Bearer " + key.strip());
    }
    try {
      return String.valueOf(
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(request.build(), HttpResponse.BodyHandlers.discarding())
              .statusCode());
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
