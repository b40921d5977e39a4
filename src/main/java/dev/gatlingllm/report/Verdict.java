package dev.gatlingllm.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The answer to three questions about a run: did it hold, if not why, and can one trust the
 * figures. First on the page, on the console and in the list of runs. Immutable.
 *
 * @param level the worst level of all reasons
 * @param text the first bad reason in one sentence; without one, whether the run held
 * @param reasons the other reasons, worst first
 */
public record Verdict(Level level, String text, List<Reason> reasons) {

  /** What a verdict comes to, worst first. */
  public enum Level {
    /** The run did not hold. */
    BAD,
    /** It held in part, or its figures must be read with care. */
    DOUBTFUL,
    /** It held. */
    GOOD;

    /** Returns the name in files and pages. */
    @JsonValue
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A reason of a verdict.
   *
   * @param kind what it is about, a stable name for programs such as {@code objectives}
   * @param title a few words
   * @param text the numbers; may contain a server's text, which is untrusted
   */
  public record Reason(String kind, Level level, String title, String text) {

    /** Returns title and numbers as one sentence. */
    String sentence() {
      return title + ": " + text;
    }
  }

  /** Returns the verdict on a run. */
  public static Verdict of(RunReport report) {
    List<Reason> reasons = new ArrayList<>();
    // the first of them says whether the run held
    new VerdictRules(report, reasons).judge();
    Level worst = Collections.min(reasons, Comparator.comparing(Reason::level)).level();
    Reason first =
        worst == Level.BAD
            ? reasons.stream().filter(reason -> reason.level() == worst).findFirst().orElseThrow()
            : reasons.get(0);
    reasons.remove(first);
    reasons.sort(Comparator.comparing(Reason::level));
    return new Verdict(worst, first.sentence(), List.copyOf(reasons));
  }
}
