package dev.gatlingllm.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces secrets in texts by {@value #MASK}. It knows secrets in several forms: plain, escaped as
 * in JSON or a URL, and in base64. Beyond them it masks what looks like a secret: words of the form
 * of well-known API keys, the user information of URLs, and values with names such as {@code
 * api_key}. Any thread may call any method.
 *
 * <p>Everything that a server sends or a user sets goes through {@link #ofProcess()} before a
 * console, a log, a file or a page shows it.
 */
public final class Redactor {

  /** Stands in the place of a secret. */
  public static final String MASK = "[redacted]";

  /** A shorter value is no secret. */
  private static final int MIN_SECRET = 3;

  /** A shorter secret is masked only as a word of its own. */
  private static final int MIN_PART_OF_WORD = 6;

  /** A shorter value of the environment, a system property or a cookie may be any word. */
  private static final int MIN_ANY_WORD = 8;

  /** A longer value of ordinary words is a passphrase. */
  private static final int MAX_WORDS = 20;

  /** The first characters of a secret that are masked at the end of a text. */
  private static final int MIN_AT_END = 4;

  /** The first characters of a secret that are masked elsewhere, if they are half of it. */
  private static final int MIN_IN_MIDDLE = 8;

  /**
   * The characters of all forms of secrets that came after the first ones. The oldest are
   * forgotten, because a server may set another cookie in each response.
   */
  private static final int MAX_CHARACTERS = 16 << 20;

  /** Adds the bytes of objects around a form to its characters. */
  private static final int OVERHEAD = 128;

  /** A longer value is no credential. */
  private static final int MAX_LENGTH = 8_192;

  /** A longer secret has none of the forms that take many times its length. */
  private static final int MAX_LENGTH_OF_KEY = 256;

  private static final Pattern NAME_WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])");

  private static final Set<String> SECRET_WORDS =
      Set.of(
          "key",
          "apikey",
          "token",
          "secret",
          "password",
          "passwd",
          "passphrase",
          "pwd",
          "pw",
          "signature",
          "sig",
          "auth",
          "authorization",
          "credential",
          "credentials",
          "cookie",
          "bearer",
          "jwt",
          "sas");

  private static final Pattern WORDS = Pattern.compile("[A-Z]?[a-z]+(?:[-_. ][A-Z]?[a-z]+)*+");

  private static final Pattern SECRET_PART =
      Pattern.compile(".*(apikey|secret|password|authorization|accesstoken|authtoken).*");

  private static final Pattern SECRET_VARIABLE =
      Pattern.compile("(?i).*(key|token|secret|password|passwd)");

  // none of the expressions goes back: hostile texts must not take time

  /** API keys of well-known services, web tokens, and what follows the name of a scheme. */
  private static final Pattern KEY_LIKE =
      Pattern.compile(
          // names of models, such as xai-grok-4-fast-reasoning, have no such long part
          "(?i)(?<![a-z0-9])(?:(?:sk|xai|nvapi|pplx)-|(?:sk|gsk|hf|r8|ghp)_)"
              + "(?=[a-z0-9_-]{0,100}?[a-z0-9]{12})[a-z0-9_-]{16,}+"
              + "|(?<![a-z0-9])AIza[a-z0-9_-]{30,}+"
              + "|(?<![a-z0-9_-])eyJ[a-z0-9_-]{8,}+\\.[a-z0-9_-]{8,}+(?:\\.[a-z0-9_-]*+)?"
              + "|(?<=\\b(?:bearer|basic) )(?=[^\\s\"'\\d]*+\\d)[a-z0-9._~+/=-]{6,}+");

  private static final Pattern USER_INFO = Pattern.compile("(?<=//)[^/?#\\s@\"'<>]++@");

  /** The part of an invalid URL that messages about it quote. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<=[aA]uthority field: )[^/?#\\s@]++@");

  /** What CI systems take for a command: some anywhere in a line, some at its start. */
  private static final Pattern COMMAND =
      Pattern.compile(
          // GitHub's in any case
          "(?i)#(?=#\\w{0,40}\\[)|:(?=:(?:error|warning|notice|debug|group|endgroup|echo"
              + "|(?:add|remove|set|save|stop|internal)-[a-z-]{1,40})(?: |::))");

  private static final Pattern PAIR =
      Pattern.compile(
          "(?<![\\w.-])([\\w.-]++)"
              + "(?:(\\\\{0,4}+[\"']\\s{0,9}+:\\s{0,9}+\\\\{0,4}+[\"'])((?:(?!\\\\{0,4}+[\"']).)++)"
              + "|(=)([^\\s&\"'<>,;]++))");

  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\n\\r\\t]]|\\r(?!\\n)");

  /** A visible character of ASCII as JSON, URLs and HTML escape it. */
  private static final Pattern ESCAPED =
      Pattern.compile(
          "(?:\\\\u00|%|&#[xX]0{0,4}+)([2-6]\\p{XDigit}|7[0-9a-eA-E]);?+"
              + "|&#0{0,4}+(3[2-9]|[4-9]\\d|1[01]\\d|12[0-6]);|&(amp|lt|gt|quot|apos);");

  private static final Map<String, String> ENTITIES =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

  private static final Pattern HEXADECIMAL = Pattern.compile("%[0-9A-F]{2}");

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]+)?");

  private static final Redactor PROCESS = of(System.getenv(), System.getProperties());

  /** The secrets that may be forgotten, in order of their arrival. */
  private final Queue<String> order = new ArrayDeque<>();

  /** The size of all forms of these. */
  private long characters;

  /** The forms of the others, which are never forgotten. */
  private final Set<String> kept = ConcurrentHashMap.newKeySet();

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  /** Every form of every secret. */
  private final NavigableSet<String> forms = new ConcurrentSkipListSet<>();

  /** The first characters of the forms, and the length of the longest one. */
  private volatile String firsts = "";

  private volatile int longest;

  /** Creates a redactor that knows these secrets, and never forgets them. */
  public Redactor(String... secrets) {
    for (String secret : secrets) {
      keep(secret);
    }
  }

  /**
   * Adds a secret that is not forgotten, also with its end alone. One of fewer than eight
   * characters is ignored: it may be any word.
   */
  public void keepSecret(String secret) {
    if (secret.length() >= MIN_ANY_WORD) {
      keep(secret);
    }
  }

  private void keep(String secret) {
    String stripped = secret.strip();
    if (isSecret(stripped) && secrets.add(stripped)) {
      kept.addAll(forms(stripped));
      if (stripped.length() <= MAX_LENGTH_OF_KEY) {
        int least = Math.max(MIN_IN_MIDDLE, (stripped.length() + 1) / 2);
        for (int start = 1; stripped.length() - start >= least; start++) {
          kept.add(stripped.substring(start));
        }
      }
      addForms(kept);
    }
  }

  /**
   * Returns the redactor of this process. It knows the environment's variables and the system
   * properties with names such as {@code LLM_API_KEY} or {@code my.password}, and the credentials
   * of every request sent.
   */
  public static Redactor ofProcess() {
    return PROCESS;
  }

  static Redactor of(Map<?, ?> environment, Map<?, ?> properties) {
    Redactor redactor = new Redactor();
    Stream.of(environment, properties)
        .flatMap(values -> values.entrySet().stream())
        .filter(value -> isSecretOfProcess(value.getKey().toString(), value.getValue().toString()))
        .forEach(value -> redactor.keep(value.getValue().toString()));
    return redactor;
  }

  private static boolean isSecretOfProcess(String name, String value) {
    return name.equals("LLM_API_KEY")
        || (value.length() >= MIN_ANY_WORD && SECRET_VARIABLE.matcher(name).matches());
  }

  /** Returns whether a value with this name is a secret: of a header, parameter or property. */
  public static boolean isSecretName(String name) {
    for (String word : NAME_WORDS.split(name)) {
      if (SECRET_WORDS.contains(word.toLowerCase(ROOT))) {
        return true;
      }
    }
    return SECRET_PART.matcher(name.toLowerCase(ROOT)).matches();
  }

  /**
   * Adds the value of a header, a query parameter or a property if its name is that of a secret.
   */
  public void add(String name, String value) {
    if (value == null || secrets.contains(value) || !isSecretName(name)) {
      return;
    }
    if (name.toLowerCase(ROOT).endsWith("cookie")) {
      for (String cookie : value.split(";")) {
        addCookie(cookie.substring(cookie.indexOf('=') + 1));
      }
      return;
    }
    int space = value.strip().indexOf(' ');
    if (space < 0) {
      addSecret(value);
      addSecret(decodedUrl(value));
    } else {
      addCredentials(value.strip().substring(0, space), value.strip().substring(space + 1));
    }
  }

  /**
   * Adds the value of a cookie. A short one is ignored, and one of ordinary words: it may be {@code
   * true} or {@code dark-mode}, and a server chooses it.
   */
  public void addCookie(String value) {
    if (value.length() >= MIN_ANY_WORD && !isWords(value)) {
      addSecret(value);
    }
  }

  /** Returns whether a value is short and of letters as in ordinary words, not of a random key. */
  private static boolean isWords(String value) {
    return value.length() < MAX_WORDS && WORDS.matcher(value.strip()).matches();
  }

  /** Adds what follows the name of an authentication scheme. */
  private void addCredentials(String scheme, String credentials) {
    addSecret(credentials);
    if (scheme.equalsIgnoreCase("basic")) {
      try {
        addUserInfo(new String(Base64.getDecoder().decode(credentials.strip()), UTF_8));
      } catch (IllegalArgumentException notBase64) {
        // masked as it is
      }
    }
    // such as Signature=… of AWS
    for (String part : credentials.split("[\\s,;]+")) {
      String value = part.substring(part.indexOf('=') + 1).replace("\"", "");
      if (value.length() >= 2 * MIN_IN_MIDDLE) {
        addSecret(value);
      }
    }
  }

  private void addUserInfo(String userInfo) {
    addSecret(userInfo);
    addSecret(userInfo.substring(userInfo.indexOf(':') + 1));
  }

  /** Adds the user information of a URL and the secrets among its query parameters. */
  public void addUrl(String url) {
    Matcher userInfo = USER_INFO.matcher(url);
    if (userInfo.find()) {
      String text = userInfo.group().substring(0, userInfo.group().length() - 1);
      addUserInfo(text);
      addUserInfo(decodedUrl(text));
    }
    String query = url.substring(url.indexOf('?') + 1);
    for (String parameter : query.split("[&#]")) {
      int value = parameter.indexOf('=');
      if (value > 0) {
        add(parameter.substring(0, value), parameter.substring(value + 1));
      }
    }
  }

  /** Adds a secret; one of fewer than three characters is ignored. */
  public void addSecret(String secret) {
    String stripped = secret == null ? "" : secret.strip();
    if (!isSecret(stripped) || !secrets.add(stripped)) {
      return;
    }
    Set<String> added = forms(stripped);
    synchronized (this) {
      order.add(stripped);
      characters += size(added);
      while (characters > MAX_CHARACTERS) {
        String oldest = order.remove();
        Set<String> forgotten = forms(oldest);
        secrets.remove(oldest);
        characters -= size(forgotten);
        forgotten.removeAll(kept);
        forms.removeAll(forgotten);
      }
      addForms(added);
    }
  }

  private static boolean isSecret(String text) {
    return text.length() >= MIN_SECRET && text.length() <= MAX_LENGTH;
  }

  private static long size(Set<String> forms) {
    return forms.stream().mapToLong(form -> form.length() + OVERHEAD).sum();
  }

  private synchronized void addForms(Set<String> added) {
    for (String form : added) {
      if (firsts.indexOf(form.charAt(0)) < 0) {
        firsts += form.charAt(0);
      }
      longest = Math.max(longest, form.length());
    }
    forms.addAll(added);
  }

  private static Set<String> forms(String secret) {
    Set<String> forms = new HashSet<>();
    forms.add(secret);
    String unescaped = unescaped(secret);
    if (isSecret(unescaped)) {
      forms.add(unescaped);
    }
    String encoded = URLEncoder.encode(secret, UTF_8);
    if (!encoded.equals(secret)) {
      forms.add(encoded);
      forms.add(encoded.replace("+", "%20"));
      forms.add(HEXADECIMAL.matcher(encoded).replaceAll(code -> code.group().toLowerCase(ROOT)));
    }
    String json = secret.replace("\\", "\\\\").replace("\"", "\\\"");
    forms.add(json);
    forms.add(json.replace("/", "\\/"));
    if (secret.length() <= MAX_LENGTH_OF_KEY) {
      forms.add(escaped(secret));
    }
    if (secret.length() >= MIN_PART_OF_WORD) {
      for (int before = 0; before < 3; before++) {
        String base64 = base64(secret, before);
        forms.add(base64);
        forms.add(base64.replace('+', '-').replace('/', '_'));
      }
    }
    return forms;
  }

  /** Returns the escape sequence of JSON for each character. */
  private static String escaped(String secret) {
    StringBuilder escaped = new StringBuilder(6 * secret.length());
    for (int i = 0; i < secret.length(); i++) {
      escaped.append("\\u").append(HexFormat.of().toHexDigits(secret.charAt(i)));
    }
    return escaped.toString();
  }

  /**
   * Returns the base64 form of a secret in a text, as far as the secret alone decides it.
   *
   * @param before bytes of the text before the secret, modulo 3
   */
  private static String base64(String secret, int before) {
    byte[] bytes = ("\0".repeat(before) + secret).getBytes(UTF_8);
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    int start = before == 0 ? 0 : before + 1;
    return encoded.substring(start, encoded.length() - (bytes.length % 3 == 0 ? 0 : 1));
  }

  private static String decodedUrl(String value) {
    try {
      return URLDecoder.decode(value, UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return value;
    }
  }

  private static String unescaped(String text) {
    return text.indexOf('%') < 0 && text.indexOf('&') < 0 && !text.contains("\\u00")
        ? text
        : ESCAPED.matcher(text).replaceAll(escaped -> Matcher.quoteReplacement(unescaped(escaped)));
  }

  private static String unescaped(MatchResult escaped) {
    if (escaped.group(3) != null) {
      return ENTITIES.getOrDefault(escaped.group(3), "");
    }
    return escaped.group(1) != null
        ? Character.toString(Integer.parseInt(escaped.group(1), 16))
        : Character.toString(Integer.parseInt(escaped.group(2)));
  }

  /** Returns a text without secrets. */
  public String redact(String text) {
    if (text.isEmpty()) {
      return text;
    }
    // which characters are escaped differs from library to library
    String unescaped = unescaped(text);
    String masked = maskSecrets(unescaped);
    if (masked.equals(unescaped) && !unescaped.equals(text)) {
      masked = maskSecrets(text);
    }
    if (mayHaveKey(masked)) {
      masked = KEY_LIKE.matcher(masked).replaceAll(Matcher.quoteReplacement(MASK));
    }
    if (masked.indexOf('@') >= 0) {
      masked = USER_INFO.matcher(masked).replaceAll(Matcher.quoteReplacement(MASK.concat("@")));
      masked = AUTHORITY.matcher(masked).replaceAll(Matcher.quoteReplacement(MASK.concat("@")));
    }
    return masked.indexOf('=') >= 0 || masked.indexOf(':') >= 0
        ? PAIR.matcher(masked).replaceAll(pair -> Matcher.quoteReplacement(maskedPair(pair)))
        : masked;
  }

  /**
   * Returns false for most of the texts without a match of {@link #KEY_LIKE}, such as the ids of
   * responses: the expression takes some microseconds.
   */
  private static boolean mayHaveKey(String text) {
    for (int i = 1; i < text.length(); i++) {
      char before = Character.toLowerCase(text.charAt(i - 1));
      boolean may =
          switch (text.charAt(i)) {
            case '-', '_' -> "kixf8p".indexOf(before) >= 0;
            case ' ' -> before == 'r' || before == 'c';
            case 'j', 'J' -> before == 'y';
            case 'z', 'Z' -> before == 'i';
            default -> false;
          };
      if (may) {
        return true;
      }
    }
    return false;
  }

  private static String maskedPair(MatchResult pair) {
    String name = pair.group(1);
    if (!isSecretName(name) || isCount(name, pair.group(pair.group(2) == null ? 5 : 3))) {
      return pair.group();
    }
    return pair.group(1) + (pair.group(2) == null ? pair.group(4) : pair.group(2)) + MASK;
  }

  /** Returns whether a number of tokens, or of one in a vocabulary, is meant. */
  private static boolean isCount(String name, String value) {
    return name.toLowerCase(ROOT).contains("token") && NUMBER.matcher(value).matches();
  }

  private String maskSecrets(String text) {
    if (forms.isEmpty()) {
      return text;
    }
    @Nullable StringBuilder masked = null;
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      int length = firsts.indexOf(text.charAt(i)) < 0 ? 0 : secretAt(text, i);
      if (length > 0) {
        masked = masked == null ? new StringBuilder() : masked;
        masked.append(text, copied, i).append(MASK);
        copied = i + length;
        i = copied - 1;
      }
    }
    return masked == null ? text : masked.append(text, copied, text.length()).toString();
  }

  /** Returns the length of the secret, or of a telling part of it, that begins there; or 0. */
  private int secretAt(String text, int start) {
    String rest = text.substring(start, Math.min(text.length(), start + longest));
    // of all forms, the neighbours in the order have the longest beginning in common with the text
    String below = forms.floor(rest);
    String above = forms.ceiling(rest);
    int partial = Math.max(partOf(below, rest, text, start), partOf(above, rest, text, start));
    while (below != null) {
      int common = common(below, rest);
      if (common == below.length()) {
        return isWhole(text, start, common) ? Math.max(common, partial) : partial;
      }
      below = common == 0 ? null : forms.floor(rest.substring(0, common));
    }
    return partial;
  }

  private static int partOf(String form, String rest, String text, int start) {
    if (form == null) {
      return 0;
    }
    int common = common(form, rest);
    boolean cut =
        start + common == text.length()
            && (common >= MIN_IN_MIDDLE || !isAlphabetic(form.substring(0, common)));
    int least = cut ? MIN_AT_END : Math.max(MIN_IN_MIDDLE, (form.length() + 1) / 2);
    return common >= least && common < form.length() ? common : 0;
  }

  /** Returns whether a text may be a word, such as that at the start of {@code token-abc123}. */
  private static boolean isAlphabetic(String text) {
    return text.chars().allMatch(Character::isLetter);
  }

  private static boolean isWhole(String text, int start, int length) {
    int end = start + length;
    return length >= MIN_PART_OF_WORD
        || ((start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1)))
            && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end))));
  }

  private static int common(String form, String rest) {
    int most = Math.min(form.length(), rest.length());
    int common = 0;
    while (common < most && form.charAt(common) == rest.charAt(common)) {
      common++;
    }
    return common;
  }

  /**
   * Returns a text without secrets, commands of CI systems and characters that a terminal obeys or
   * hides. Line breaks and tabs stay.
   */
  public String printable(String text) {
    return withoutCommands(redact(INVISIBLE.matcher(text).replaceAll("")));
  }

  private static String withoutCommands(String text) {
    return text.contains("##") || text.contains("::")
        ? COMMAND.matcher(text).replaceAll("$0 ")
        : text;
  }

  /**
   * Returns a text as one line without secrets, commands of CI systems, control and format
   * characters. It is cut last, so that no part of a secret remains.
   *
   * @param max the most characters of the line, of which the last is … if the text is longer
   */
  public String line(String text, int max) {
    // more than is shown, so that what is masked or dropped does not shorten the line
    return cut(withoutCommands(redact(oneLine(text, 2 * max + MAX_LENGTH))), max);
  }

  /**
   * Returns words of our own, or such that were redacted before, as one line without control and
   * format characters.
   *
   * @param max the most characters of the line, of which the last is … if the text is longer
   */
  public static String ownLine(String text, int max) {
    return cut(oneLine(text, max + 1), max);
  }

  private static String cut(String line, int max) {
    if (line.length() <= max) {
      return line;
    }
    int cut = Character.isHighSurrogate(line.charAt(max - 2)) ? max - 2 : max - 1;
    return line.substring(0, cut) + '…';
  }

  /** Returns the beginning of a text, with one space for each run of white space. */
  private static String oneLine(String text, int max) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), max));
    for (int i = 0; i < text.length() && line.length() < max; ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
        if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
          line.append(' ');
        }
      } else if (isPrintable(character)) {
        line.appendCodePoint(character);
      }
    }
    return line.toString().stripTrailing();
  }

  /** Returns whether a terminal shows a character and does nothing else with it. */
  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> true;
    };
  }

  /**
   * Returns an option of a command line without its secret, such as {@code -Dmy.key=[redacted]}.
   */
  public String option(String option) {
    int equals = option.indexOf('=');
    if (equals < 0) {
      return redact(option);
    }
    String name = option.substring(0, equals);
    return name + '=' + (isSecretName(name) ? MASK : redact(option.substring(equals + 1)));
  }

  /** Returns the options of a command line, also with names and values apart, without secrets. */
  public List<String> options(Collection<String> options) {
    List<String> redacted = new ArrayList<>();
    boolean secret = false;
    for (String option : options) {
      redacted.add(secret ? MASK : option(option));
      secret = option.startsWith("-") && option.indexOf('=') < 0 && isSecretName(option);
    }
    return redacted;
  }
}
