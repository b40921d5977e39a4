package dev.gatlingllm.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;

/**
 * The options of a benchmark: JMH's, read by JMH's own parser, and a few of ours. Those of JMH's
 * that mean nothing for a load on a server are refused.
 *
 * @param jmh JMH's
 * @param metrics names of metrics, the score first; empty where nothing was asked for
 * @param parameters values by parameter, of {@code -p}
 * @param properties system properties for the forks, as {@code name=value}
 * @param reports where the forks' reports go
 * @param search what is searched instead of measuring every combination
 * @param forked whether a runner has started this process, and hears what it says
 */
record BenchOptions(
    CommandLineOptions jmh,
    List<String> metrics,
    CacheStart cache,
    Map<String, Collection<String>> parameters,
    List<String> properties,
    String reports,
    Optional<SearchOptions> search,
    boolean forked) {

  private static final Set<String> OURS =
      Set.of("-metric", "-cache", "-reports", SearchOptions.SEARCH, SearchOptions.OBJECTIVE);

  /** For {@code llm.benchmark} alone: the runner's own word to its forks. */
  static final String FORKED = "-forked";

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException naming the option and the remedy
   */
  static BenchOptions parse(List<String> arguments) {
    List<String> forJmh = new ArrayList<>();
    Map<String, String> ours = new LinkedHashMap<>();
    List<String> properties = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (OURS.contains(argument)) {
        if (++i == arguments.size()) {
          throw new IllegalArgumentException(argument + ": give a value");
        }
        ours.put(argument, arguments.get(i));
      } else if (argument.equals(FORKED)) {
        ours.put(FORKED, "");
      } else if (argument.startsWith("-jvmArgs") && i + 1 < arguments.size()) {
        forJmh.add(argument);
        forJmh.add(arguments.get(++i));
      } else if (argument.startsWith("-D")) {
        properties.add(argument.substring(2));
      } else {
        forJmh.add(argument);
      }
    }
    CommandLineOptions jmh = parseJmh(forJmh);
    MeaninglessOptions.refuse(jmh);
    Optional<SearchOptions> search = SearchOptions.of(ours);
    Map<String, Collection<String>> parameters = parameters(forJmh, jmh);
    search.ifPresent(searched -> searched.addTo(parameters));
    return new BenchOptions(
        jmh,
        metrics(ours.get("-metric"), search),
        Optional.ofNullable(ours.get("-cache")).map(CacheStart::parse).orElse(CacheStart.FRESH),
        parameters,
        properties,
        ours.getOrDefault("-reports", "reports"),
        search,
        ours.containsKey(FORKED));
  }

  /** Reads options as one text, such as that of {@code llm.benchmark}. */
  static BenchOptions parse(String text) {
    return parse(text.isBlank() ? List.of() : List.of(text.strip().split("\\s+")));
  }

  private static CommandLineOptions parseJmh(List<String> arguments) {
    try {
      return new CommandLineOptions(arguments.toArray(String[]::new));
    } catch (CommandLineOptionException | RuntimeException e) {
      throw new IllegalArgumentException(e.getMessage() + " (-h lists the options)", e);
    }
  }

  /** What is searched is judged, and so measured. */
  private static List<String> metrics(String asked, Optional<SearchOptions> search) {
    Set<String> metrics = new LinkedHashSet<>();
    if (asked != null) {
      metrics.addAll(List.of(asked.split(",")));
    }
    search.ifPresent(searched -> metrics.addAll(searched.objectives().metrics()));
    return List.copyOf(metrics);
  }

  /** JMH's parser knows a parameter's values, but not which parameters there are. */
  private static Map<String, Collection<String>> parameters(List<String> arguments, Options jmh) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 1; i < arguments.size(); i++) {
      if (arguments.get(i - 1).equals("-p")) {
        names.add(arguments.get(i).split("=", 2)[0]);
      }
    }
    Map<String, Collection<String>> values = new LinkedHashMap<>();
    names.forEach(name -> values.put(name, jmh.getParameter(name).orElse(List.of())));
    return values;
  }
}
