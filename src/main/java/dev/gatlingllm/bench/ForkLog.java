package dev.gatlingllm.bench;

import dev.gatlingllm.text.Redactor;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of a fork: a file, moved to the folder of the fork's report, and the last lines, which
 * say why a fork failed, even if the file cannot be written.
 */
final class ForkLog implements Closeable {

  private static final int LAST_LINES = 25;

  private final Deque<String> last = new ArrayDeque<>();
  private final PrintWriter writer;
  private @Nullable Path file;

  /**
   * @param folder for the file until the fork's own folder is known
   */
  ForkLog(Path folder) {
    Writer opened = Writer.nullWriter();
    try {
      file = Files.createTempFile(Files.createDirectories(folder), "fork-", ".log");
      opened = Files.newBufferedWriter(file);
    } catch (IOException e) {
      last.add("(no log of this fork is kept: " + e + ")");
    }
    writer = new PrintWriter(opened);
  }

  /** Adds a line as a terminal can show it, without secrets, and returns what was added. */
  String add(String line) {
    String shown = Redactor.ofProcess().printable(line);
    last.add(shown);
    if (last.size() > LAST_LINES) {
      last.remove();
    }
    writer.println(shown);
    return shown;
  }

  List<String> lastLines() {
    return List.copyOf(last);
  }

  /** Returns the file, which is complete after closing; null if none could be written. */
  @Nullable Path file() {
    return file;
  }

  /** Moves the closed file to the folder of the report, where it replaces nothing. */
  void moveTo(Path report) {
    if (file == null) {
      return;
    }
    try {
      file = Files.move(file, report.resolve("console.txt"));
    } catch (IOException e) {
      // stays where it is, under a name that says what it is
    }
  }

  @Override
  public void close() {
    if (writer.checkError()) {
      last.add("(the log of this fork could not be written)");
    }
    writer.close();
  }
}
