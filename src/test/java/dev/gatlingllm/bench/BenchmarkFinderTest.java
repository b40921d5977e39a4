package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;

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

  /** Is abstract. */
  public abstract static class Between extends LlmBenchmark {}

  /** A benchmark whose superclass is not LlmBenchmark. */
  public static class Below extends Between {}

  @Test
  void findsPublicConcreteBenchmarksOnClassPath() throws IOException {
    // libraries have none, and many classes
    List<Path> own =
        ClassPath.entries().stream()
            .filter(entry -> Files.isDirectory(entry) || entry.toString().contains("gatling-llm"))
            .toList();

    assertThat(BenchmarkFinder.on(own))
        .contains("contract.PrefixBenchmark", Below.class.getName())
        .doesNotContain(Between.class.getName(), LlmBenchmark.class.getName());
  }

  @Test
  void readsJarsAndIgnoresMissingEntries(@TempDir Path folder) throws IOException {
    Path jar = folder.resolve("benchmarks.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Class<?> type : List.of(Between.class, Below.class)) {
        String entry = type.getName().replace('.', '/') + ".class";
        zip.putNextEntry(new ZipEntry(entry));
        try (var in = type.getClassLoader().getResourceAsStream(entry)) {
          in.transferTo(zip);
        }
      }
      zip.putNextEntry(new ZipEntry("read.me"));
    }

    assertThat(BenchmarkFinder.on(List.of(jar, folder.resolve("nowhere"))))
        .containsExactly(Below.class.getName());
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
