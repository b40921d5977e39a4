package dev.gatlingllm.endtoend;

import dev.gatlingllm.samples.SharedPrefixChat;
import io.gatling.app.Gatling$;
import java.nio.file.Path;

/** Runs the same simulation twice in this process, as an IDE's main or a test kit may. */
public final class TwoSimulations {

  private TwoSimulations() {}

  /**
   * Runs both.
   *
   * @param arguments the folders of results, one for each run
   */
  public static void main(String[] arguments) {
    for (String results : arguments) {
      int exit =
          Gatling$.MODULE$.fromArgs(
              new String[] {
                "-s", SharedPrefixChat.class.getName(), "-rf", Path.of(results).toString()
              });
      if (exit != 0) {
        System.exit(exit);
      }
    }
  }
}
