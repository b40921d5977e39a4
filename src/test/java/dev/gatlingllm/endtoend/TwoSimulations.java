package dev.gatlingllm.endtoend;

import dev.gatlingllm.samples.SharedPrefixChat;
import io.gatling.app.Gatling$;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs the same simulation twice in this process, as an IDE's main or a test kit may. */
public final class TwoSimulations {

  private TwoSimulations() {}

  private static List<String> filesIn(Path results) throws IOException {
    try (Stream<Path> files = Files.walk(results, 2)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /**
   * Runs both.
   *
   * @param arguments the folders of results, one for each run
   * @throws IOException when these cannot be listed
   */
  public static void main(String[] arguments) throws IOException {
    for (String results : arguments) {
      int exit =
          Gatling$.MODULE$.fromArgs(
              new String[] {
                "-s", SharedPrefixChat.class.getName(), "-rf", Path.of(results).toString()
              });
      if (exit != 0) {
        System.exit(exit);
      }
      System.out.println("Gatling is done: " + filesIn(Path.of(results)));
    }
  }
}
