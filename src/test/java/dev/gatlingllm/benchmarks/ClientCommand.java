package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the cost of the client and of Gatling's own {@code http}, alternately, on the same
 * streams of the same server:
 *
 * <pre>{@code
 * mvn test-compile exec:java@client
 * mvn test-compile exec:java@client -Dexec.args="--pace even --streams 128,512 --rounds 5"
 * mvn test-compile exec:java@client -Dexec.args="--pace instant --instant-streams 8"
 * }</pre>
 *
 * Client and server are processes of their own. Rounds go through all clients one after the other,
 * so that other load on the machine affects all alike; the figures are of the median round. The
 * cost is the processor time of all threads of the client, those of the virtual machine included,
 * after a warm-up of a minute. The table shows whether the compiler was quiet by then: after how
 * many seconds it stayed below 2 % of a processor.
 */
@Command(name = "client", header = "Measures what the client costs beside plain Gatling http.")
public final class ClientCommand implements Callable<Integer> {

  @Mixin private LoadOptions options = new LoadOptions(60, 20).apart();

  @Option(
      names = "--pace",
      split = ",",
      paramLabel = "NAME",
      description =
          "even or bursts: 50 ms, then 10 ms a token; instant (default: ${DEFAULT-VALUE})")
  private List<String> paces = List.of("even");

  @Option(
      names = "--streams",
      split = ",",
      paramLabel = "NUMBER",
      description = "open at once when paced (default: ${DEFAULT-VALUE})")
  private List<Integer> streams = List.of(128);

  @Option(
      names = "--instant-streams",
      split = ",",
      paramLabel = "NUMBER",
      description = "open at once when the server does not wait (default: ${DEFAULT-VALUE})")
  private List<Integer> instantStreams = List.of(16);

  @Option(
      names = "--clients",
      split = ",",
      paramLabel = "NAME",
      description = "clients to compare (default: ${DEFAULT-VALUE})")
  private List<ClientKind> clients = ClientKind.COMMON;

  @Option(
      names = "--rounds",
      paramLabel = "NUMBER",
      description = "of each client; an odd number (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  private ClientCommand() {}

  /** Runs the clients and prints a table; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new ClientCommand(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    for (Placement placement : options.placements()) {
      for (String name : paces) {
        for (int count : name.equals("instant") ? instantStreams : streams) {
          System.out.println("\n" + compared(placement, ServerPace.named(name, count), count));
        }
      }
    }
    return 0;
  }

  private ClientPage compared(Placement placement, ServerPace pace, int count)
      throws IOException, InterruptedException {
    ClientPage page = new ClientPage(placement, pace, count);
    try (ServerProcess server = new ServerProcess(placement, pace)) {
      for (int round = 0; round < rounds; round++) {
        for (ClientKind kind : clients) {
          page.add(Run.of(server, placement, options.load(kind, count)));
        }
      }
    }
    return page;
  }
}
