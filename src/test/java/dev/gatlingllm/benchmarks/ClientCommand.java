package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures the cost of the client and of Gatling's own {@code http}, alternately, on the same
 * streams of the same server:
 *
 * <pre>{@code
 * mvn test-compile exec:java@client
 * mvn test-compile exec:java@client -Dexec.args="--pace even --streams 128,512 --rounds 5"
 * mvn test-compile exec:java@client -Dexec.args="--pace instant --instant-streams 8"
 * mvn test-compile exec:java@client -Dexec.args="--against main --rounds 5 --clients CHAT"
 * }</pre>
 *
 * Client and server are processes of their own. Rounds go through all clients one after the other,
 * so that other load on the machine affects all alike; the figures are of the median round. The
 * cost is the processor time of all threads of the client, those of the virtual machine included,
 * after a warm-up of a minute. The table shows whether the compiler was quiet by then: after how
 * many seconds it stayed below 2 % of a processor.
 *
 * <p>With {@code --against}, each client runs with this build and with another revision in turns,
 * and the command gives the ratio of their costs with its interval.
 */
@Command(name = "client", header = "Measures what the client costs beside plain Gatling http.")
public final class ClientCommand implements Callable<Integer> {

  @Mixin private RoundOptions options = new RoundOptions(60, 20, 3);

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
      names = "--against",
      paramLabel = "REVISION",
      description =
          "of this repository, as git takes it; compiled in a temporary worktree and measured in"
              + " turns with this build (default: none)")
  private @Nullable String against;

  @Option(
      names = "--quick",
      description = "8 streams for some seconds: shows that the command works, not what it costs")
  private boolean quick;

  @Spec private CommandSpec spec;

  private ClientCommand() {}

  /** Runs the clients and prints a table; exits with 2 for invalid arguments. */
  public static void main(String[] arguments) {
    LoadOptions.run(new ClientCommand(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick) {
      options.makeQuick();
      streams = List.of(8);
    }
    if (against == null) {
      compare(null);
      return 0;
    }
    if (options.rounds() < 2) {
      throw new ParameterException(
          spec.commandLine(),
          "--rounds must be at least 2 with --against, got " + options.rounds());
    }
    try (OtherBuild other = OtherBuild.of(against)) {
      compare(other.build());
    }
    return 0;
  }

  private void compare(@Nullable Build other) throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    for (Placement placement : options.placements()) {
      for (String name : paces) {
        for (int count : name.equals("instant") ? instantStreams : streams) {
          System.out.println(
              "\n" + compared(placement, ServerPace.named(name, count), count, other));
        }
      }
    }
  }

  private ClientPage compared(
      Placement placement, ServerPace pace, int count, @Nullable Build other)
      throws IOException, InterruptedException {
    Build here = Build.ofThisProcess();
    ClientPage page = new ClientPage(placement, pace, count);
    try (ServerProcess server = new ServerProcess(placement, pace)) {
      for (int round = 0; round < options.rounds(); round++) {
        for (ClientKind kind : clients) {
          Load load = options.load(kind, count);
          if (other == null) {
            page.add(here, Run.of(server, placement, here, load));
          } else if (round % 2 == 0) {
            Run run = Run.of(server, placement, here, load);
            page.addPair(here, run, other, Run.of(server, placement, other, load));
          } else {
            Run otherRun = Run.of(server, placement, other, load);
            page.addPair(here, Run.of(server, placement, here, load), other, otherRun);
          }
        }
      }
    }
    return page;
  }
}
