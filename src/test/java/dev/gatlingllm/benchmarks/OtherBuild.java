package dev.gatlingllm.benchmarks;

import dev.gatlingllm.bench.ClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Another revision of this repository, compiled in a temporary worktree. Its clients run with the
 * benchmark classes of this process, so that both builds are measured in the same way. Used by one
 * thread.
 */
final class OtherBuild implements AutoCloseable {

  private final Path root;
  private final Path folder;
  private final Build build;

  private OtherBuild(Path root, Path folder, Build build) {
    this.root = root;
    this.folder = folder;
    this.build = build;
  }

  /**
   * Compiles a revision, offline if the local Maven repository has what it needs.
   *
   * @param ref a revision as {@code git} takes it
   * @throws IOException if there is no such revision, or if it cannot be compiled
   */
  static OtherBuild of(String ref) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path root = Path.of(run(here, "git", "rev-parse", "--show-toplevel"));
    String revision = run(root, "git", "rev-parse", "--short", "--verify", ref + "^{commit}");
    Path folder = Files.createTempDirectory("gatling-llm-other");
    try {
      run(root, "git", "worktree", "add", "--detach", folder.toString(), revision);
      Build build = new Build(revision, List.of("-cp", classPath(folder)));
      return new OtherBuild(root, folder, build);
    } catch (IOException | RuntimeException e) {
      remove(root, folder);
      throw e;
    }
  }

  private static String classPath(Path folder) throws IOException {
    Path list = folder.resolve("target/class-path.txt");
    resolve(folder, list);
    String libraries = Files.readString(list, StandardCharsets.UTF_8).strip();
    Path classes = folder.resolve("target/classes");
    compile(folder, classes, libraries);
    List<String> entries = new ArrayList<>();
    for (Path entry : ClassPath.entries()) {
      if (entry.endsWith("test-classes")) {
        entries.add(entry.toString());
      }
    }
    entries.add(classes.toString());
    entries.add(libraries);
    return String.join(File.pathSeparator, entries);
  }

  /** Has Maven copy the resources and list the libraries. */
  private static void resolve(Path folder, Path list) throws IOException {
    List<String> maven =
        List.of(
            "-q",
            "-B",
            "process-resources",
            "dependency:build-classpath",
            "-Dmdep.includeScope=test",
            "-Dmdep.outputFile=" + list);
    try {
      run(folder, concat(List.of("mvn", "-o"), maven));
    } catch (IOException notAllThere) {
      run(folder, concat(List.of("mvn"), maven));
    }
  }

  /** Compiles without the checks of the build, which say nothing about speed. */
  private static void compile(Path folder, Path classes, String libraries) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("src/main/java"))) {
      List<String> sources =
          files.map(Path::toString).filter(file -> file.endsWith(".java")).toList();
      List<String> javac =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
              "-nowarn",
              "-proc:none",
              "-parameters",
              "-g",
              "--release",
              "17",
              "-cp",
              libraries,
              "-d",
              classes.toString());
      run(folder, concat(javac, sources));
    }
  }

  private static String[] concat(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toArray(String[]::new);
  }

  /** Runs a command to its end and returns what it printed. */
  private static String run(Path folder, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + output);
    }
    return output;
  }

  /** Returns the build. */
  Build build() {
    return build;
  }

  /** Removes the worktree. */
  @Override
  public void close() throws IOException {
    remove(root, folder);
  }

  private static void remove(Path root, Path folder) throws IOException {
    Folders.delete(folder);
    run(root, "git", "worktree", "prune");
  }
}
