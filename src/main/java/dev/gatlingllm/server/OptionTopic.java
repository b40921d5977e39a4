package dev.gatlingllm.server;

import java.util.ArrayList;
import java.util.List;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** Options of the command line that belong together; {@code --help} shows them under one title. */
abstract class OptionTopic {

  private final String title;
  private final OptionParser parser;
  private final List<String> names = new ArrayList<>();

  OptionTopic(String title, OptionParser parser) {
    this.title = title;
    this.parser = parser;
  }

  /**
   * Hands the options' values on.
   *
   * @throws IllegalArgumentException for a value that cannot be meant, naming the option
   */
  abstract void apply(OptionSet options, ServerSettings.Builder settings);

  String title() {
    return title;
  }

  /** In the order in which help shows them. */
  List<String> names() {
    return names;
  }

  /** An option with a value, of its default's type. */
  @SuppressWarnings("unchecked")
  final <T> OptionSpec<T> option(String name, String value, T ifAbsent, String description) {
    names.add(name);
    return parser
        .accepts(name, description)
        .withRequiredArg()
        .describedAs(value)
        .ofType((Class<T>) ifAbsent.getClass())
        .defaultsTo(ifAbsent);
  }

  /** An option with a value and without a default, which may be given several times. */
  final OptionSpec<String> list(String name, String value, String description) {
    return override(name, value, String.class, description);
  }

  /** An option with a value, which changes what another option decides. */
  final <T> OptionSpec<T> override(String name, String value, Class<T> type, String description) {
    names.add(name);
    return parser.accepts(name, description).withRequiredArg().describedAs(value).ofType(type);
  }

  /** An option that is there or not. */
  final OptionSpec<Void> flag(String name, String description) {
    names.add(name);
    return parser.accepts(name, description);
  }
}
