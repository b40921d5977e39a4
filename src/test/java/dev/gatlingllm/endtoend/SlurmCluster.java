package dev.gatlingllm.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Slurm of this machine alone: its daemons listen on loopback, and each of its nodes is a daemon.
 * They are processes of this JVM, which ends them.
 */
final class SlurmCluster implements AutoCloseable {

  /** Debian installs the daemons where only root's path leads. */
  private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private static final String USER = System.getProperty("user.name");

  private static final Pattern ENDED_JOB =
      Pattern.compile(
          "JobState=(?:COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL) .* ExitCode=(\\d+):");

  private static final long PATIENCE_SECONDS = 180;

  private final Path folder;
  private final Deque<Process> daemons = new ArrayDeque<>();

  private SlurmCluster(Path folder) {
    this.folder = folder;
  }

  /** Returns which of Slurm's programs this machine lacks; empty if it has all. */
  static List<String> missingPrograms() {
    return Stream.of(
            "munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "sinfo", "scontrol")
        .filter(program -> program(program) == null)
        .toList();
  }

  private static Path program(String name) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Starts the daemons and waits until all nodes are idle. */
  static SlurmCluster start(Path folder, int nodes) throws IOException, InterruptedException {
    SlurmCluster cluster = new SlurmCluster(folder);
    try {
      cluster.startDaemons(nodes);
    } catch (IOException | InterruptedException | AssertionError e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void startDaemons(int nodes) throws IOException, InterruptedException {
    byte[] key = new byte[64];
    new SecureRandom().nextBytes(key);
    Path keyFile =
        Files.createFile(
            folder.resolve("munge.key"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(keyFile, key);
    Files.writeString(folder.resolve("slurm.conf"), configuration(nodes));
    // the folders do not belong to the user that it expects
    daemon(
        "munged",
        "--foreground",
        "--force",
        "--key-file=" + keyFile,
        "--socket=" + folder.resolve("munge.sock"),
        "--pid-file=" + folder.resolve("munge.pid"),
        "--log-file=" + folder.resolve("munge.log"),
        "--seed-file=" + folder.resolve("munge.seed"));
    daemon("slurmctld", "-D", "-c");
    for (int node = 1; node <= nodes; node++) {
      daemon("slurmd", "-D", "-N", "n" + node);
    }
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!run(folder, Map.of(), "sinfo", "-h", "-t", "idle", "-o", "%D")
        .output()
        .strip()
        .equals(String.valueOf(nodes))) {
      boolean hasEnded = daemons.peek().waitFor(100, TimeUnit.MILLISECONDS);
      if (hasEnded || System.nanoTime() > patience) {
        throw new AssertionError("the cluster does not start\n" + logs());
      }
    }
  }

  private String configuration(int nodes) throws IOException, InterruptedException {
    String host = InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
    List<Integer> ports = freePorts(nodes + 1);
    StringBuilder conf = new StringBuilder();
    Stream.of(
            "ClusterName=test",
            "SlurmctldHost=" + host + "(127.0.0.1)",
            "SlurmctldPort=" + ports.get(nodes),
            "SlurmUser=" + USER,
            "SlurmdUser=" + USER,
            "AuthInfo=socket=" + folder.resolve("munge.sock"),
            "StateSaveLocation=" + Files.createDirectory(folder.resolve("state")),
            "SlurmdSpoolDir=" + folder.resolve("spool-%n"),
            "SlurmctldPidFile=" + folder.resolve("slurmctld.pid"),
            "SlurmdPidFile=" + folder.resolve("slurmd-%n.pid"),
            "ProctrackType=proctrack/pgid",
            "SelectType=select/cons_tres",
            "SelectTypeParameters=CR_Core",
            "ReturnToService=2",
            // else the daemons listen on all interfaces
            "CommunicationParameters=NoInAddrAny,NoCtldInAddrAny",
            "MailProg=/bin/true",
            // else a node with fewer processors than configured is drained
            "SlurmdParameters=config_overrides",
            "PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES")
        .forEach(line -> conf.append(line).append('\n'));
    for (int node = 1; node <= nodes; node++) {
      conf.append("NodeName=n%d NodeHostname=%s NodeAddr=127.0.0.1".formatted(node, host))
          .append(" Port=%d CPUs=4 RealMemory=4000\n".formatted(ports.get(node - 1)));
    }
    return conf.toString();
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private void daemon(String... command) throws IOException {
    Path log = folder.resolve(daemons.size() + "-" + command[0] + ".log");
    daemons.push(process(folder, Map.of(), command).redirectOutput(log.toFile()).start());
  }

  private ProcessBuilder process(Path work, Map<String, String> environment, String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, String.valueOf(program(command[0])));
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(work.toFile()).redirectErrorStream(true);
    builder.environment().put("SLURM_CONF", folder.resolve("slurm.conf").toString());
    builder.environment().putAll(environment);
    return builder;
  }

  /**
   * Runs one of Slurm's commands to its end.
   *
   * @param work the folder to run it in
   * @param environment variables to add
   */
  Ended run(Path work, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, command[0], ".out");
    Process process = process(work, environment, command).redirectOutput(output.toFile()).start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(List.of(command) + " does not end\n" + logs());
      }
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  /** Waits for the end of a job. {@code sbatch --wait} looks for it every 32 s. */
  int exitCodeOf(String job) throws IOException, InterruptedException {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < patience) {
      String shown = run(folder, Map.of(), "scontrol", "--oneliner", "show", "job", job).output();
      Matcher ended = ENDED_JOB.matcher(shown);
      if (ended.find()) {
        return Integer.parseInt(ended.group(1));
      }
      Thread.sleep(500);
    }
    throw new AssertionError("job " + job + " does not end\n" + logs());
  }

  /** A command that has ended: its exit status, and what it printed. */
  record Ended(int exit, String output) {}

  private String logs() throws IOException {
    StringBuilder logs = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        logs.append(log).append('\n').append(Files.readString(log, StandardCharsets.ISO_8859_1));
      }
    }
    return logs.toString();
  }

  /** Ends what still runs: jobs, then the daemons, the last one started first. */
  @Override
  public void close() throws IOException {
    try {
      run(folder, Map.of(), "scancel", "--full", "--signal=KILL", "--user=" + USER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    daemons.forEach(Process::destroy);
    for (Process daemon : daemons) {
      try {
        if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
          daemon.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        daemon.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
