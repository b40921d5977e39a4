package dev.gatlingllm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text form of a {@link Distribution}. */
final class DistributionParser {

  private static final String FORMS =
      "a number, uniform(a,b), normal(mean,sd), lognormal(mean,sd), poisson(mean) or"
          + " exponential(mean), each with .clamp(min,max) if wished";

  private static final Pattern CALL = Pattern.compile("\\s*(\\w+)\\s*\\(([^()]*)\\)\\s*");

  private DistributionParser() {}

  static Distribution parse(String text) {
    int clamp = text.indexOf(".clamp");
    if (clamp >= 0) {
      List<Double> range = arguments(text, text.substring(clamp + 1), "clamp", 2);
      return parse(text.substring(0, clamp)).clamp(range.get(0), range.get(1));
    }
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      return Distribution.constant(number(text, text));
    }
    String name = call.group(1).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "uniform" -> two(text, name, Distribution::uniform);
      case "normal" -> two(text, name, Distribution::normal);
      case "lognormal" -> two(text, name, Distribution::lognormal);
      case "poisson" -> Distribution.poisson(arguments(text, text, name, 1).get(0));
      case "exponential" -> Distribution.exponential(arguments(text, text, name, 1).get(0));
      default -> throw unreadable(text, "there is no " + name + "(…)");
    };
  }

  private interface OfTwo {
    Distribution make(double first, double second);
  }

  private static Distribution two(String text, String name, OfTwo maker) {
    List<Double> arguments = arguments(text, text, name, 2);
    return maker.make(arguments.get(0), arguments.get(1));
  }

  private static List<Double> arguments(String text, String callText, String name, int count) {
    Matcher call = CALL.matcher(callText);
    if (!call.matches() || !call.group(1).equalsIgnoreCase(name)) {
      throw unreadable(text, name + "(…) cannot be read");
    }
    List<Double> values = new ArrayList<>();
    for (String argument : call.group(2).split(",", -1)) {
      values.add(number(text, argument));
    }
    if (values.size() != count) {
      throw unreadable(text, name + " takes " + count + " number" + (count == 1 ? "" : "s"));
    }
    return values;
  }

  private static double number(String text, String part) {
    try {
      return Double.parseDouble(part.strip());
    } catch (NumberFormatException e) {
      throw unreadable(text, "\"" + part.strip() + "\" is no number");
    }
  }

  private static IllegalArgumentException unreadable(String text, String why) {
    return new IllegalArgumentException(
        "\"" + text + "\" is no distribution: " + why + "; write " + FORMS);
  }
}
