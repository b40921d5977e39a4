package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.Repetition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Compares responses to one prompt with the first of them, which it keeps for each request name and
 * model. Any thread may call.
 */
final class FirstResponses {

  /** Responses of further requests and models are not compared. */
  private static final int MAX_FIRST = 256;

  private final ConcurrentMap<List<@Nullable String>, String> first = new ConcurrentHashMap<>();

  /**
   * Compares a response.
   *
   * @param request name of the request
   * @param model that was asked; null if it is unknown
   * @param text text of the response; a blank one is never the first
   * @return null if there is nothing to compare with
   */
  @Nullable Repetition compare(String request, @Nullable String model, String text) {
    List<@Nullable String> key = Arrays.asList(request, model);
    if (first.size() < MAX_FIRST && !text.isBlank() && first.putIfAbsent(key, text) == null) {
      return new Repetition(hash(text), true, Response.UNKNOWN);
    }
    String expected = first.get(key);
    return expected == null
        ? null
        : new Repetition(hash(text), false, firstDifference(expected, text));
  }

  private static int firstDifference(String expected, String text) {
    int same = 0;
    int most = Math.min(expected.length(), text.length());
    while (same < most && expected.charAt(same) == text.charAt(same)) {
      same++;
    }
    return same == expected.length() && same == text.length() ? Response.UNKNOWN : same;
  }

  private static int hash(String text) {
    CRC32C hash = new CRC32C();
    hash.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) hash.getValue();
  }
}
