package dev.gatlingllm.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Findings in the making. */
final class FindingList {

  private final List<Finding> findings;

  FindingList(Collection<Finding> known) {
    findings = new ArrayList<>(known);
  }

  /** Adds a warning with a text in the form of {@link String#format}. */
  void warn(String kind, String text, Object... figures) {
    findings.add(Finding.warning(kind, text, figures));
  }

  /** Adds a note with a text in the form of {@link String#format}. */
  void note(String kind, String text, Object... figures) {
    findings.add(Finding.note(kind, text, figures));
  }

  /** Adds a warning if it is serious, else a note. */
  void add(boolean isSerious, String kind, String text, Object... figures) {
    if (isSerious) {
      warn(kind, text, figures);
    } else {
      note(kind, text, figures);
    }
  }

  /** Returns the findings, warnings first, else in the order in which they were added. */
  List<Finding> warningsFirst() {
    return findings.stream().sorted(Comparator.comparing(Finding::level)).toList();
  }
}
