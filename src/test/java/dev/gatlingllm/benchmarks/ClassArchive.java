package dev.gatlingllm.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes that a run loads, parsed and verified once in the form that the JVM maps into memory.
 * A process that has them starts with a fifth less time of processors. The archive is written by
 * the first {@link GatlingHost} after its first run; processes that start before, or where it
 * cannot be written, load their classes from the jars.
 *
 * <p>Only classes in jars can be archived, and a process must have the class path that the archive
 * was made with. The folders of the class path are therefore copied to jars, which from then on are
 * the class path of this process, as far as its forks can tell.
 */
public final class ClassArchive {

  /** The jar with the classes of the tests. */
  public static final String TESTS = "test-classes.jar";

  private static final String CLASS_PATH = "java.class.path";

  /** Options of {@code java}; empty until the archive is ready. */
  private static volatile List<String> options = List.of();

  private static final CountDownLatch made = new CountDownLatch(1);
  private static volatile Path folder;

  private ClassArchive() {}

  /**
   * Returns the options of {@code java} for a fork, which goes on to take its class path from the
   * system property: none until the archive is ready.
   */
  public static List<String> options() {
    return options;
  }

  /** Returns them as soon as the archive is ready, or cannot be made. */
  static List<String> awaitOptions() throws InterruptedException {
    made.await();
    return options;
  }

  /** Returns the options of the process that will write the archive; for one process only. */
  static List<String> recording() throws IOException {
    Path created = Files.createTempDirectory("class-archive");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(created)));
    System.setProperty(CLASS_PATH, jars(created));
    folder = created;
    return List.of(
        "-XX:+IgnoreUnrecognizedVMOptions",
        "-XX:+RecordDynamicDumpInfo",
        // else it prints the name of each class that cannot be archived
        "-Xlog:disable");
  }

  /** Ends the wait for an archive, because that process ended before it could write one. */
  static void skip() {
    made.countDown();
  }

  /** Has that process write the archive, and waits for it. */
  static void make(Process process) {
    Path archive = folder.resolve("classes.jsa");
    try {
      int status =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(process.pid()),
                  "VM.cds",
                  "dynamic_dump",
                  archive.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("output.txt").toFile())
              .start()
              .waitFor();
      if (status == 0 && Files.exists(archive)) {
        options = List.of("-XX:SharedArchiveFile=" + archive);
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("no class archive for forks: " + e);
    } finally {
      made.countDown();
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

  static Path jar(Path folder, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(folder)) {
      out.setLevel(0);
      for (Path file : files.filter(path -> !path.equals(folder)).toList()) {
        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
        boolean isFolder = Files.isDirectory(file);
        // Gatling copies the files of a report from the folders that it finds by their names
        out.putNextEntry(new JarEntry(isFolder ? name + '/' : name));
        if (!isFolder) {
          Files.copy(file, out);
        }
      }
    }
    return jar;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException left) {
      // the system empties its folder of temporary files
    }
  }
}
