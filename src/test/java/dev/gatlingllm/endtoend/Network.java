package dev.gatlingllm.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Network namespaces that are joined by a switch in a namespace of its own: a network of machines
 * that nobody else can reach and that reaches nobody else. Machine 0 is the switch. The addresses
 * are those that RFC 2544 keeps for benchmarks.
 */
final class Network implements AutoCloseable {

  private final String name = "gllm" + ProcessHandle.current().pid() + "-";
  private final List<String> namespaces = new ArrayList<>();

  /**
   * Creates a network.
   *
   * @param machines number of machines beside the switch
   * @throws IOException if this is not allowed or {@code ip} is missing; the message says why
   */
  Network(int machines) throws IOException {
    try {
      add(0);
      run("ip", "-n", namespace(0), "link", "add", "switch", "type", "bridge");
      run("ip", "-n", namespace(0), "address", "add", address(0) + "/24", "dev", "switch");
      run("ip", "-n", namespace(0), "link", "set", "switch", "up");
      for (int machine = 1; machine <= machines; machine++) {
        add(machine);
        plugIn(machine);
      }
    } catch (IOException problem) {
      close();
      throw problem;
    }
  }

  private void add(int machine) throws IOException {
    run("ip", "netns", "add", namespace(machine));
    namespaces.add(namespace(machine));
    run("ip", "-n", namespace(machine), "link", "set", "lo", "up");
  }

  private void plugIn(int machine) throws IOException {
    String port = "port" + machine;
    run(
        ("ip -n %s link add cable type veth peer name %s netns %s")
            .formatted(namespace(machine), port, namespace(0))
            .split(" "));
    run("ip", "-n", namespace(0), "link", "set", port, "master", "switch", "up");
    run("ip", "-n", namespace(machine), "address", "add", address(machine) + "/24", "dev", "cable");
    run("ip", "-n", namespace(machine), "link", "set", "cable", "up");
  }

  private String namespace(int machine) {
    return name + machine;
  }

  /** Returns the address of a machine. */
  String address(int machine) {
    return "198.18.0." + (machine + 1);
  }

  /** Returns the beginning of a command that runs the rest of it on a machine. */
  String[] on(int machine) {
    return new String[] {"ip", "netns", "exec", namespace(machine)};
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }

  /** Removes the namespaces with all that is in them. */
  @Override
  public void close() throws IOException {
    for (String namespace : namespaces) {
      run("ip", "netns", "delete", namespace);
    }
  }
}
