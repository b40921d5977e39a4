package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import joptsimple.OptionSpec;

/**
 * What the client costs as a whole, beside Gatling's own {@code http} on the same streams of the
 * same server, in turn:
 *
 * <pre>{@code
 * mvn test-compile exec:java@client
 * mvn test-compile exec:java@client -Dexec.args="--pace even --streams 128,512 --rounds 5"
 * mvn test-compile exec:java@client -Dexec.args="--pace instant --instant-streams 8"
 * }</pre>
 *
 * Client and server are processes of their own. Rounds go through all clients one after the other,
 * so that what else the machine does strikes all alike; the figures are of the median round. What
 * the virtual machine's compiler takes in the first minute stands in a column of its own.
 */
public final class ClientCommand {

  private final LoadOptions options = new LoadOptions(30);
  private final OptionSpec<String> paces =
      options.texts(
          "pace", "50 ms, then 10 ms a token, even or in bursts; or no waiting", "even", "instant");
  private final OptionSpec<Integer> streams =
      options.number("streams", "open at once when paced", 128);
  private final OptionSpec<Integer> instantStreams =
      options.number("instant-streams", "open at once when the server does not wait", 16);
  private final OptionSpec<String> clients =
      options.texts("clients", "which to compare", "plain", "timed", "chat");
  private final OptionSpec<Integer> rounds =
      options.number("rounds", "of each client; an odd number", 3);

  private ClientCommand() {}

  /** Runs the clients and prints a table; ends with 2 for wrong arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ClientCommand command = new ClientCommand();
    command.options.parse(arguments);
    command.run();
  }

  private void run() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    for (Placement placement : options.placements()) {
      for (String name : options.all(paces)) {
        for (int count : options.all(name.equals("instant") ? instantStreams : streams)) {
          System.out.println("\n" + compared(placement, ServerPace.named(name, count), count));
        }
      }
    }
  }

  private ClientPage compared(Placement placement, ServerPace pace, int count)
      throws IOException, InterruptedException {
    List<ClientKind> kinds =
        options.all(clients).stream()
            .map(name -> ClientKind.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    ClientPage page = new ClientPage(placement, pace, count);
    try (ServerProcess server = new ServerProcess(placement, pace)) {
      for (int round = 0; round < options.one(rounds); round++) {
        for (ClientKind kind : kinds) {
          page.add(Run.of(server, placement, options.load(kind, count)));
        }
      }
    }
    return page;
  }
}
