package dev.gatlingllm.text;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes sentences with numbers of things in them, of which there may be one. */
public final class Plurals {

  /** Stand for braces while values are filled in, which may have braces of their own. */
  private static final char OPEN = '\ue000';

  private static final char CLOSE = '\ue001';
  private static final Pattern FORMS =
      Pattern.compile(OPEN + "(?:([^|" + CLOSE + "]*)\\|)?([^" + CLOSE + "]*)" + CLOSE);
  private static final Pattern LAST_NUMBER = Pattern.compile("(\\d[\\d,.]*)\\D*$");

  private Plurals() {}

  /**
   * Formats a text as {@link String#format} does. {@code {as|ere}} becomes {@code as} if the last
   * number before it is 1, else {@code ere}; {@code {s}} is short for {@code {|s}}: {@code %,d
   * request{s} w{as|ere} cut}.
   */
  public static String format(String text, Object... values) {
    String marked = text.replace('{', OPEN).replace('}', CLOSE);
    Matcher forms = FORMS.matcher(String.format(Locale.ROOT, marked, values));
    StringBuilder written = new StringBuilder();
    while (forms.find()) {
      forms.appendReplacement(written, "");
      Matcher number = LAST_NUMBER.matcher(written);
      boolean isOne = number.find() && number.group(1).equals("1");
      String one = forms.group(1) == null ? "" : forms.group(1);
      written.append(isOne ? one : forms.group(2));
    }
    return forms.appendTail(written).toString();
  }
}
