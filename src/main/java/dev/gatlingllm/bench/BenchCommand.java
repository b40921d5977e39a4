package dev.gatlingllm.bench;

import dev.gatlingllm.report.AtomicFile;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.format.ResultFormatType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Runs benchmarks with JMH's options. */
@Command(
    name = "bench",
    header = "Runs benchmarks with JMH's options.",
    sortOptions = false,
    description = {
      "Runs every benchmark whose name contains a match of a regular expression. Options mean what"
          + " they mean to JMH and override annotations; -Dname=value sets a system property of the"
          + " forks.",
      "Exits with 0 if everything was measured, 1 if something failed, 2 for invalid options."
    })
public final class BenchCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** System properties, and options that {@link BenchOptions#check} rejects. */
  @Unmatched
  @SuppressWarnings("unused")
  private List<String> others;

  /** Teaches a command line to read the types of the options. */
  public static void registerConverters(CommandLine line) {
    BenchOptions.registerConverters(line);
  }

  @Override
  public Integer call() {
    options.check(spec.commandLine());
    PrintWriter out = spec.commandLine().getOut();
    if (options.listResultFormats) {
      for (ResultFormatType format : ResultFormatType.values()) {
        out.println(format.name().toLowerCase(Locale.ROOT));
      }
      return OK;
    }
    setProperties();
    List<Class<?>> benchmarks = benchmarks();
    if (options.list || options.listWithParameters) {
      list(benchmarks, out);
      return OK;
    }
    List<Combination> combinations = new ArrayList<>();
    for (Class<?> benchmark : benchmarks) {
      combinations.addAll(Combination.of(benchmark, options));
    }
    if (options.search().isPresent()) {
      combinations = options.search().get().bases(combinations);
    }
    Optional<ResultFile> file = ResultFile.of(options);
    file.ifPresent(ResultFile::check);
    Path reports = Path.of(options.reports);
    AtomicFile.check(
        "-reports must be a folder that can be written", reports, reports.resolve("index.html"));
    return measure(combinations, file, out);
  }

  private int measure(
      List<Combination> combinations, Optional<ResultFile> file, PrintWriter console) {
    if (options.output == null) {
      return new MatrixRun(combinations, options, file, console).run();
    }
    try (PrintWriter out =
        new PrintWriter(Files.newBufferedWriter(options.output, Charset.defaultCharset()), true)) {
      int status = new MatrixRun(combinations, options, file, out).run();
      if (out.checkError()) {
        spec.commandLine().getErr().println("-o " + options.output + ": could not be written");
        return Math.max(status, FAILED);
      }
      return status;
    } catch (IOException e) {
      throw new IllegalArgumentException("-o " + options.output + " cannot be written: " + e, e);
    }
  }

  /** Settings are read, and so checked, in this process too, before the first fork. */
  private void setProperties() {
    for (String property : options.properties()) {
      String[] nameAndValue = property.split("=", 2);
      if (nameAndValue[0].startsWith("llm.")) {
        System.setProperty(nameAndValue[0], nameAndValue.length > 1 ? nameAndValue[1] : "");
      }
    }
    if (LlmSettings.get().find(Setting.BENCHMARK).isPresent()) {
      throw new IllegalArgumentException(
          "llm.benchmark must not be set: it is for a benchmark that runs by itself");
    }
  }

  private List<Class<?>> benchmarks() {
    try {
      List<String> all = BenchmarkFinder.on(ClassPath.entries());
      List<String> chosen = BenchmarkFinder.chosen(all, options.includes, options.excludes);
      if (chosen.isEmpty()) {
        throw new IllegalArgumentException(
            "No benchmark matches; there are "
                + (all.isEmpty()
                    ? "none: a benchmark is a public class that extends LlmBenchmark"
                    : all));
      }
      List<Class<?>> classes = new ArrayList<>();
      for (String name : chosen) {
        classes.add(Class.forName(name, false, BenchCommand.class.getClassLoader()));
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException("A benchmark cannot be loaded: " + e, e);
    }
  }

  private void list(List<Class<?>> benchmarks, PrintWriter out) {
    out.println("Benchmarks: ");
    for (Class<?> benchmark : benchmarks) {
      out.println(benchmark.getName());
      if (options.listWithParameters) {
        new ParamFields(benchmark)
            .values(options.parameters())
            .forEach((name, values) -> out.println("  param \"" + name + "\" = " + values));
      }
    }
  }
}
