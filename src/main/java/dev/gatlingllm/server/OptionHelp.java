package dev.gatlingllm.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import joptsimple.HelpFormatter;
import joptsimple.OptionDescriptor;

/** What {@code --help} prints: the options, topic by topic. */
final class OptionHelp implements HelpFormatter {

  private final List<OptionTopic> topics;

  OptionHelp(List<OptionTopic> topics) {
    this.topics = topics;
  }

  @Override
  public String format(Map<String, ? extends OptionDescriptor> options) {
    int width = options.values().stream().mapToInt(o -> usage(o).length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (OptionTopic topic : topics) {
      lines.add(lines.isEmpty() ? topic.title() : "\n" + topic.title());
      for (String name : topic.names()) {
        OptionDescriptor option = options.get(name);
        lines.add("  " + padded(usage(option), width) + "  " + description(option));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String usage(OptionDescriptor option) {
    String name = "--" + option.options().iterator().next();
    return option.acceptsArguments() ? name + " <" + option.argumentDescription() + ">" : name;
  }

  private static String description(OptionDescriptor option) {
    var ifAbsent = option.defaultValues();
    return option.description() + (ifAbsent.isEmpty() ? "" : " (default: " + ifAbsent.get(0) + ")");
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
