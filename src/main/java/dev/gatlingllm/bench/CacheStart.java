package dev.gatlingllm.bench;

import dev.gatlingllm.gatling.Certificates;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
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
   * @param anyCertificate whether the certificate of an https server is not verified
   * @throws IllegalArgumentException if the server does not support it, with the remedy
   */
  static void reset(Optional<String> baseUrl, boolean anyCertificate) {
    String root =
        baseUrl.orElseThrow(
            () -> new IllegalArgumentException("-cache reset needs a protocol with a baseUrl"));
    StringJoiner answers = new StringJoiner(", ");
    for (String endpoint : RESET_ENDPOINTS) {
      String answer = post(root + endpoint, anyCertificate);
      if (answer.startsWith("2")) {
        return;
      }
      answers.add(endpoint + " " + answer);
    }
    throw new IllegalArgumentException(
        "-cache reset needs a server that can empty its cache, such as SGLang, or vLLM with"
            + " VLLM_SERVER_DEV_MODE=1; it answered "
            + answers);
  }

  /**
   * Returns the status of the response, or the error. The JDK's newer client rejects the host names
   * with underscores of Docker's services.
   */
  private static String post(String url, boolean anyCertificate) {
    try {
      HttpURLConnection request = (HttpURLConnection) new URL(url).openConnection(Proxy.NO_PROXY);
      request.setRequestMethod("POST");
      if (anyCertificate) {
        Certificates.acceptAny(request);
      }
      // another host must not get the key
      request.setInstanceFollowRedirects(false);
      request.setConnectTimeout((int) RESET_TIMEOUT.toMillis());
      request.setReadTimeout((int) RESET_TIMEOUT.toMillis());
      String key = System.getenv("LLM_API_KEY");
      if (key != null && !key.isBlank()) {
        request.setRequestProperty("Authorization", "Bearer " + key.strip());
      }
      return "" + request.getResponseCode();
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }
}
