package dev.gatlingllm.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in Markdown; the first column is text, the others are numbers. */
final class MarkdownTable {

  private final List<List<String>> rows = new ArrayList<>();

  MarkdownTable(String... heads) {
    rows.add(List.of(heads));
  }

  void add(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Double number ? number(number) : cell.toString());
    }
    rows.add(row);
  }

  /** Formats a number to three significant digits. */
  private static String number(double number) {
    return Numbers.shortly(number);
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    List<Integer> widths = new ArrayList<>(Collections.nCopies(columns, 3));
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    StringBuilder table = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(widths.get(i) - rows.get(r).get(i).length());
        String cell = rows.get(r).get(i);
        table.append("| ").append(i == 0 ? cell + pad : pad + cell).append(' ');
      }
      table.append("|\n");
      if (r == 0) {
        for (int i = 0; i < columns; i++) {
          String dashes = "-".repeat(widths.get(i) + 1);
          table.append(i == 0 ? "|" + dashes + "-" : "|" + dashes + ":");
        }
        table.append("|\n");
      }
    }
    return table.toString();
  }
}
