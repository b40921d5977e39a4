package dev.gatlingllm.cli;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.bench.BenchCommand;
import dev.gatlingllm.bench.ClassPath;
import dev.gatlingllm.bench.compare.CompareCommand;
import dev.gatlingllm.report.runs.MergeCommand;
import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.ServerCommand;
import dev.gatlingllm.text.Durations;
import dev.gatlingllm.text.IoProblems;
import dev.gatlingllm.text.Names;
import dev.gatlingllm.text.Version;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs the commands of gatling-llm:
 *
 * <pre>{@code
 * java -cp … dev.gatlingllm.cli.Main server --port 8000
 * }</pre>
 *
 * <p>Exits with 0 on success, 1 on failure (of {@code compare}: a regression) and 2 for an invalid
 * command line.
 */
@Command(
    name = "gatling-llm",
    header = "Load-tests LLM servers.",
    subcommands = {
      AccuracyCommand.class,
      BenchCommand.class,
      CalibrateCommand.class,
      CompareCommand.class,
      MergeCommand.class,
      ServerCommand.class
    })
public final class Main {

  private Main() {}

  /** Runs a command and exits with its status unless that is 0. */
  public static void main(String... arguments) {
    // Logback prints everything unless told otherwise, and nothing has logged yet
    if (System.getProperty(ClassPath.LOGGING) == null) {
      System.setProperty(ClassPath.LOGGING, "dev/gatlingllm/cli/logback.xml");
    }
    // a comma groups digits here, and JMH would write one before decimals
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    int status = of(new Main()).execute(arguments);
    if (status != ExitCode.OK) {
      System.exit(status);
    }
  }

  /**
   * Returns the command line of a command, with the help, error messages and exit codes that all
   * commands share.
   *
   * @param command annotated for picocli
   */
  public static CommandLine of(Object command) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec()
        .version("gatling-llm " + Version.current())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("print the version and exit")
                .build());
    addHelp(line);
    BenchCommand.registerConverters(line);
    return line.registerConverter(Duration.class, Durations::parse)
        .registerConverter(Distribution.class, Distribution::parse)
        .registerConverter(EngineProfile.class, EngineProfile::named)
        // JMH's options have one dash and several letters
        .setPosixClusteredShortOptionsAllowed(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(40)
        .setParameterExceptionHandler(Main::explainMisuse)
        .setExecutionExceptionHandler(Main::explainFailure);
  }

  private static void addHelp(CommandLine line) {
    OptionSpec help =
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("print this help and exit")
            .build();
    line.getCommandSpec().addOption(help);
    line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    line.getSubcommands().values().forEach(Main::addHelp);
  }

  private static int explainMisuse(ParameterException e, String[] arguments) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    e.getCommandLine()
        .getErr()
        .println(problem(e) + " (" + command.qualifiedName() + " --help lists what is allowed)");
    return ExitCode.USAGE;
  }

  private static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0), e.getCommandLine().getCommandSpec());
    }
    // our converters say what is allowed; picocli would add the name of the exception's class.
    // That of a regular expression draws a mark below the text, in lines of their own
    return e.getCause() instanceof IllegalArgumentException cause
            && e.getArgSpec() instanceof OptionSpec option
        ? option.longestName() + ": " + String.valueOf(cause.getMessage()).split("\\R", 2)[0]
        : String.valueOf(e.getMessage());
  }

  private static String unmatched(String argument, CommandSpec command) {
    String kind =
        argument.startsWith("-")
            ? "option"
            : command.subcommands().isEmpty() ? "argument" : "command";
    List<String> known = new ArrayList<>(command.subcommands().keySet());
    if (kind.equals("option")) {
      known.addAll(command.optionsMap().keySet());
    }
    String suggestion = Names.suggestion(argument, known);
    return "Unknown " + kind + " " + argument + suggestion;
  }

  private static int explainFailure(
      Exception e, CommandLine line, CommandLine.ParseResult arguments) throws Exception {
    if (e instanceof IllegalArgumentException) {
      line.getErr().println(e.getMessage());
      return ExitCode.USAGE;
    }
    if (e instanceof IOException) {
      // the message of some has the file alone
      line.getErr()
          .println(
              e instanceof FileSystemException failed
                  ? failed.getFile() + ": " + IoProblems.reason(failed)
                  : e.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw e;
  }
}
