package dev.gatlingllm.observe.export;

import dev.gatlingllm.text.Plurals;
import dev.gatlingllm.text.Redactor;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the exports that failed. The first failure is logged at once, the others are counted: a
 * collector that is down fails every time. Used by one thread at a time.
 */
final class FailedExports {

  private static final Logger LOGGER = LoggerFactory.getLogger(FailedExports.class);
  private static final int MAX_REASON = 300;

  private final String url;
  private long all;
  private long failed;
  private boolean lastFailed;
  private String reason = "";

  FailedExports(String url) {
    this.url = url;
  }

  /**
   * Notes how an export ended.
   *
   * @param why it failed, in untrusted words
   */
  synchronized void add(boolean success, String why) {
    all++;
    lastFailed = !success;
    if (lastFailed) {
      reason = Redactor.ofProcess().line(why, MAX_REASON);
      if (failed++ == 0) {
        LOGGER.warn("The export to {} failed and is tried again; the run goes on: {}", url, reason);
      }
    }
  }

  /** Returns what the run says at its end; nothing where each export succeeded. */
  synchronized List<String> summary() {
    if (failed == 0) {
      return List.of();
    }
    String consequence =
        failed == all
            ? "nothing arrived"
            : lastFailed ? "the last figures are missing there" : "the last one has all figures";
    return List.of(
        Plurals.format("%,d of %,d export{s} to ", failed, all)
            + url
            + " failed, "
            + consequence
            + ": "
            + reason);
  }
}
