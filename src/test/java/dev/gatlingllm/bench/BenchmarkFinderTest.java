package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.JavaSources;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFinderTest {

  @Test
  void findsPublicConcreteBenchmarksOnClassPath() throws IOException {
    // libraries have none, and many classes
    List<Path> own =
        ClassPath.entries().stream()
            .filter(entry -> Files.isDirectory(entry) || entry.toString().contains("gatling-llm"))
            .toList();

    assertThat(BenchmarkFinder.on(own))
        .as("without classes that only tests need: a bare command runs all of them")
        .allMatch(name -> name.startsWith("contract.") || name.startsWith("dev.gatlingllm.samples"))
        .contains("contract.PrefixBenchmark")
        .doesNotContain(LlmBenchmark.class.getName());
  }

  @Test
  void readsJarsAndIgnoresMissingEntries(@TempDir Path folder) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    for (String type :
        List.of(
            "abstract class Between extends dev.gatlingllm.bench.LlmBenchmark {}",
            "class Below extends Between {}")) {
      compile(type, folder, classes);
    }
    Path jar = folder.resolve("benchmarks.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (String type : List.of("Between.class", "Below.class")) {
        zip.putNextEntry(new ZipEntry(type));
        Files.copy(classes.resolve(type), zip);
      }
      zip.putNextEntry(new ZipEntry("read.me"));
    }

    assertThat(BenchmarkFinder.on(List.of(jar, folder.resolve("nowhere"))))
        .containsExactly("Below");
  }

  /** A public class among the tests would be offered to whoever lists the benchmarks. */
  private static void compile(String type, Path folder, Path classes) throws IOException {
    String name = type.replaceFirst(".*class (\\w+) .*", "$1");
    Path source = Files.writeString(folder.resolve(name + ".java"), "public " + type);
    String classPath = classes + File.pathSeparator + System.getProperty("java.class.path");
    JavaSources.compile(source, classPath, classes);
  }

  @Test
  void selectsNamesByIncludesAndExcludes() {
    List<String> names = List.of("a.First", "a.Second", "b.First");

    assertThat(BenchmarkFinder.chosen(names, patterns(), patterns())).isEqualTo(names);
    assertThat(BenchmarkFinder.chosen(names, patterns("First"), patterns("^b")))
        .containsExactly("a.First");
  }

  private static List<Pattern> patterns(String... patterns) {
    return Stream.of(patterns).map(Pattern::compile).toList();
  }
}
