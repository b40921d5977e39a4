package dev.gatlingllm.gatling;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.metrics.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the tokens of responses on a thread of its own, one text after the other. A virtual user
 * waits for the count, so that a text which takes too long stays uncounted.
 */
final class TextCounter {

  private static final Logger LOGGER = LoggerFactory.getLogger(TextCounter.class);

  /**
   * The longest piece that a tokenizer gets, in characters. Some need time that grows with the
   * square of a text's length.
   */
  static final int MAX_PIECE = 1 << 16;

  /** Waits ten seconds for a count. */
  static final TextCounter DEFAULT = new TextCounter(Duration.ofSeconds(10));

  private final Duration patience;
  private final Executor thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "gatling-llm-tokenizer");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Creates a counter.
   *
   * @param patience the longest time from the call to the count
   */
  TextCounter(Duration patience) {
    this.patience = patience;
  }

  /**
   * Counts the tokens of a text. The count of a text of several pieces is a few tokens too high at
   * most, where a piece ends within a word.
   *
   * @return {@link Response#UNKNOWN} where that takes too long or fails; never an exception
   */
  CompletableFuture<Integer> count(Tokenizer tokenizer, String text) {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    thread.execute(() -> count(tokenizer, text, count));
    return count.completeOnTimeout(Response.UNKNOWN, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void count(Tokenizer tokenizer, String text, CompletableFuture<Integer> count) {
    try {
      int tokens = 0;
      for (int from = 0, to; from < text.length() && !count.isDone(); from = to) {
        to = endOfPiece(text, from);
        tokens += tokenizer.count(text.substring(from, to));
      }
      count.complete(tokens);
    } catch (Throwable problem) {
      // native code of a tokenizer may throw errors, too
      LOGGER.warn("The tokens of a response cannot be counted: {}", problem.toString());
      count.complete(Response.UNKNOWN);
    }
  }

  /** Returns where a piece ends: before a space if it has one, and never within a character. */
  private static int endOfPiece(String text, int from) {
    int most = from + MAX_PIECE;
    if (most >= text.length()) {
      return text.length();
    }
    int space = text.lastIndexOf(' ', most);
    if (space > from) {
      return space;
    }
    return Character.isLowSurrogate(text.charAt(most)) ? most - 1 : most;
  }
}
