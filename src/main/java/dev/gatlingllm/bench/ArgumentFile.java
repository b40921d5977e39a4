package dev.gatlingllm.bench;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file with arguments for {@code java}. The command line names only the file: other users of the
 * machine can read a command line, and Windows limits its length.
 */
final class ArgumentFile {

  /** The launcher passes on the bytes, and the virtual machine decodes them like arguments. */
  private static final Charset CHARSET =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private ArgumentFile() {}

  /**
   * Writes the arguments into a file that exists.
   *
   * @return the argument that names the file
   */
  static String write(Path file, List<String> arguments) throws IOException {
    String lines =
        arguments.stream().map(ArgumentFile::quoted).collect(Collectors.joining("\n", "", "\n"));
    Files.write(file, lines.getBytes(CHARSET));
    return "@" + file;
  }

  private static String quoted(String argument) {
    return '"'
        + argument
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
        + '"';
  }
}
