package dev.gatlingllm.bench.page;

import dev.gatlingllm.bench.result.BenchmarkScores;
import dev.gatlingllm.bench.result.BenchmarkScores.Key;
import dev.gatlingllm.bench.steady.Doubt;
import dev.gatlingllm.bench.steady.Doubts;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Why scores of a benchmark are not to be trusted, numbered so that a score can point there. */
final class DoubtList {

  private record Entry(Key key, Doubt doubt) {}

  private final List<Entry> entries;
  private final String id;

  private DoubtList(List<Entry> entries, String id) {
    this.entries = entries;
    this.id = id;
  }

  static DoubtList about(List<BenchmarkScores> rows, double confidence) {
    List<Entry> entries = new ArrayList<>();
    for (BenchmarkScores row : rows) {
      Doubts.about(row, confidence).forEach(doubt -> entries.add(new Entry(row.key(), doubt)));
    }
    return new DoubtList(
        entries, "doubt-" + rows.get(0).key().benchmark().replaceAll("[^A-Za-z0-9.]", "-") + "-");
  }

  void write(Markup page) {
    if (entries.isEmpty()) {
      return;
    }
    page.open("section", "class", "card doubts");
    page.element("h3", "Not to be trusted as it stands").open("ol");
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      page.open("li", "id", id + (i + 1));
      String choice = entry.key.choice();
      page.element("b", (choice.isEmpty() ? "" : choice + ": ") + entry.doubt.metric())
          .text(": " + entry.doubt.words());
      page.close();
    }
    page.close().close();
  }

  /** Marks a score that is doubted with the number of the first reason. */
  void mark(Markup page, Key key, String metric) {
    OptionalInt first =
        IntStream.range(0, entries.size())
            .filter(i -> entries.get(i).key.equals(key))
            .filter(i -> entries.get(i).doubt.metric().equals(metric))
            .findFirst();
    if (first.isPresent()) {
      int number = first.getAsInt() + 1;
      page.text(" ");
      page.element(
          "a",
          "(" + number + ")",
          "href",
          "#" + id + number,
          "title",
          "not to be trusted: " + entries.get(number - 1).doubt.words());
    }
  }
}
