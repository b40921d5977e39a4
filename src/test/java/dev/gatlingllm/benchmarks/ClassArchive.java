package dev.gatlingllm.benchmarks;

import dev.gatlingllm.samples.SharedPrefixChat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes that a run loads, parsed and verified once in the form that the JVM maps into memory.
 * A fork that has them takes a fifth less time of processors. The archive is made in the background
 * when some forks have started, which shows that more will follow; forks that start before it is
 * ready, or where it cannot be made, load their classes from the jars.
 *
 * <p>Only classes in jars can be archived, and a fork must have the class path that the archive was
 * made with. The folders of the class path are therefore copied to jars. As soon as the archive is
 * ready, these are the class path of this process, as far as its forks can tell.
 */
public final class ClassArchive {

  /** The jar with the classes of the tests. */
  public static final String TESTS = "test-classes.jar";

  private static final String CLASS_PATH = "java.class.path";
  private static final int FORKS_BEFORE = 6;
  private static final AtomicInteger forks = new AtomicInteger();

  /** Options of {@code java}; empty until the archive is ready. */
  private static volatile List<String> options = List.of();

  private static volatile Process running;
  private static volatile boolean isEnding;

  private ClassArchive() {}

  /**
   * Returns the options of {@code java} for a fork, which goes on to take its class path from the
   * system property: none until the archive is ready.
   */
  public static List<String> options() {
    if (forks.incrementAndGet() == FORKS_BEFORE) {
      Thread maker = new Thread(ClassArchive::make, "class-archive");
      maker.setDaemon(true);
      maker.start();
    }
    return options;
  }

  private static void make() {
    try {
      Path folder = Files.createTempDirectory("class-archive");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder)));
      String classPath = jars(folder);
      Path archive = folder.resolve("classes.jsa");
      run(
          folder,
          classPath,
          "-XX:ArchiveClassesAtExit=" + archive,
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "-Dllm.tokenizer=" + ShortRun.TOKENIZER,
          "-Dllm.users=1",
          "-Dllm.warmup=0s",
          "-Dllm.duration=1s",
          "io.gatling.app.Gatling",
          "-s",
          SharedPrefixChat.class.getName(),
          "-rf",
          folder.toString());
      System.setProperty(CLASS_PATH, classPath);
      options = List.of("-XX:SharedArchiveFile=" + archive);
    } catch (IOException | InterruptedException e) {
      if (!isEnding) {
        System.err.println("no class archive for forks: " + e);
      }
    }
  }

  private static void run(Path folder, String classPath, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ShortRun.OPTIONS);
    command.addAll(List.of("-Xmx512m", "-cp", classPath));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    running = process;
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("java " + String.join(" ", arguments) + " exited with " + status);
    }
  }

  /** Returns the class path of this process with jars in place of its folders. */
  private static String jars(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty(CLASS_PATH).split(File.pathSeparator)) {
      Path path = Path.of(entry);
      entries.add(
          Files.isDirectory(path)
              ? jar(path, folder.resolve(path.getFileName() + ".jar")).toString()
              : entry);
    }
    return String.join(File.pathSeparator, entries);
  }

  private static Path jar(Path folder, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(folder)) {
      out.setLevel(0);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(
            new JarEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  private static void end(Path folder) {
    isEnding = true;
    if (running != null) {
      running.destroyForcibly();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException left) {
      // the system empties its folder of temporary files
    }
  }
}
