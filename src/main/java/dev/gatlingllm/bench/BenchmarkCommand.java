package dev.gatlingllm.bench;

import dev.gatlingllm.settings.LlmSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * Runs benchmarks with JMH's options:
 *
 * <pre>{@code
 * mvn test-compile exec:java -Dexec.args="PrefixBenchmark -f 2 -i 5 -r 10s -p users=1,8 -rf json"
 * }</pre>
 */
public final class BenchmarkCommand {

  private static final int OK = 0;
  private static final int MISUSED = 2;

  private final PrintStream out;
  private final PrintStream err;

  BenchmarkCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Ends with 0 when all was measured, 1 when something failed, 2 for wrong arguments. */
  public static void main(String... arguments) {
    int status = new BenchmarkCommand(System.out, System.err).run(arguments);
    if (status != OK) {
      System.exit(status);
    }
  }

  int run(String... arguments) {
    List<Combination> combinations;
    BenchOptions options;
    Optional<ResultFile> file;
    try {
      options = BenchOptions.parse(List.of(arguments));
      if (tells(options)) {
        return OK;
      }
      shareProperties(options);
      List<Class<?>> benchmarks = benchmarks(options);
      if (options.jmh().shouldList() || options.jmh().shouldListWithParams()) {
        list(benchmarks, options);
        return OK;
      }
      combinations = new ArrayList<>();
      for (Class<?> benchmark : benchmarks) {
        combinations.addAll(Combination.of(benchmark, options));
      }
      if (options.search().isPresent()) {
        combinations = options.search().get().bases(combinations);
      }
      file = ResultFile.of(options.jmh());
      file.ifPresent(ResultFile::check);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return MISUSED;
    }
    return measure(combinations, options, file);
  }

  private int measure(
      List<Combination> combinations, BenchOptions options, Optional<ResultFile> file) {
    if (!options.jmh().getOutput().hasValue()) {
      return new MatrixRun(combinations, options, file, out).run();
    }
    try (PrintStream to =
        new PrintStream(
            Files.newOutputStream(Path.of(options.jmh().getOutput().get())),
            true,
            Charset.defaultCharset())) {
      int status = new MatrixRun(combinations, options, file, to).run();
      if (to.checkError()) {
        err.println("-o " + options.jmh().getOutput().get() + ": not all could be written");
        return Math.max(status, 1);
      }
      return status;
    } catch (IOException e) {
      err.println("-o " + options.jmh().getOutput().get() + ": cannot be written: " + e);
      return MISUSED;
    }
  }

  private boolean tells(BenchOptions options) {
    if (options.jmh().shouldHelp()) {
      out.print(Help.TEXT);
      return true;
    }
    if (options.jmh().shouldListResultFormats()) {
      for (ResultFormatType format : ResultFormatType.values()) {
        out.println(format.name().toLowerCase(Locale.ROOT));
      }
      return true;
    }
    return false;
  }

  /** Settings are read, and so checked, here too: a mistake is told before the first fork. */
  private static void shareProperties(BenchOptions options) {
    for (String property : options.properties()) {
      String[] nameAndValue = property.split("=", 2);
      if (nameAndValue[0].startsWith("llm.")) {
        System.setProperty(nameAndValue[0], nameAndValue.length > 1 ? nameAndValue[1] : "");
      }
    }
    if (LlmSettings.get().benchmark().isPresent()) {
      throw new IllegalArgumentException(
          "llm.benchmark is for a benchmark that runs by itself; give its options as arguments");
    }
  }

  private static List<Class<?>> benchmarks(BenchOptions options) {
    try {
      List<String> all = BenchmarkFinder.on(ClassPath.entries());
      List<String> chosen =
          BenchmarkFinder.chosen(all, options.jmh().getIncludes(), options.jmh().getExcludes());
      if (chosen.isEmpty()) {
        throw new IllegalArgumentException(
            "No benchmark matches; there are "
                + (all.isEmpty()
                    ? "none: a benchmark is a public class that extends LlmBenchmark"
                    : all));
      }
      List<Class<?>> classes = new ArrayList<>();
      for (String name : chosen) {
        classes.add(Class.forName(name, false, BenchmarkCommand.class.getClassLoader()));
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException("A benchmark cannot be loaded: " + e, e);
    }
  }

  private void list(List<Class<?>> benchmarks, BenchOptions options) {
    out.println("Benchmarks: ");
    for (Class<?> benchmark : benchmarks) {
      out.println(benchmark.getName());
      if (options.jmh().shouldListWithParams()) {
        new ParamFields(benchmark)
            .values(options.parameters())
            .forEach((name, values) -> out.println("  param \"" + name + "\" = " + values));
      }
    }
  }
}
