package dev.gatlingllm.settings;

import dev.gatlingllm.text.Require;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The root of a server: scheme, host and port, and the path of a gateway if it has one. Host names
 * are not limited to those of {@link java.net.URI}, which does not know the names with underscores
 * of Docker's services.
 *
 * @param url without a slash at its end
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port from 1 to 65535
 */
public record ServerRoot(String url, String host, int port) {

  private static final String NAME = "baseUrl";
  private static final String EXAMPLE = "such as http://127.0.0.1:8000";

  private static final Pattern FORM =
      Pattern.compile(
          "(?i)(https?)://(?<user>[^/?#]*@)?(?<host>\\[[0-9a-f:.%]+\\]|[^/?#:@\\[\\]\\s]+)"
              + "(:(?<port>[^/?#:]*))?(?<path>/[^?#\\s]*)?");

  /** What clients of other libraries have in their URL, and turns add to ours. */
  private static final Pattern ENDPOINT =
      Pattern.compile("(/v1)?/+(chat/completions|completions|messages|responses|models)/*$|/v1/*$");

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if it is not the root of a server over HTTP
   */
  public static ServerRoot parse(String text) {
    String shown = withoutSecrets(text);
    Require.that(text.matches("(?i)https?://.*"), NAME, shown, "http://… or https://…, " + EXAMPLE);
    Matcher form = FORM.matcher(text);
    Require.that(form.matches(), NAME, shown, "the root of a server, " + EXAMPLE);
    Require.that(
        form.group("user") == null,
        NAME,
        "a URL with them",
        "without user and password, which reports would show; use LLM_API_KEY");
    Matcher endpoint = ENDPOINT.matcher(text);
    if (endpoint.find()) {
      String added = endpoint.group().replaceFirst("/+$", "");
      String allowed = text.substring(0, endpoint.start()) + ", without " + added;
      Require.that(false, NAME, text, allowed + ", as each turn adds its path");
    }
    String host = form.group("host").replaceAll("[\\[\\]]", "");
    return new ServerRoot(text.replaceFirst("/+$", ""), host, port(form, text));
  }

  /** Returns a URL without user, password and query, as messages show it. */
  private static String withoutSecrets(String text) {
    return text.replaceFirst("(?<=//|^)[^/?#]*@", "").replaceFirst("[?#].*", "?…");
  }

  private static int port(Matcher form, String text) {
    if (form.group("port") == null) {
      return form.group(1).toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
    }
    int port = form.group("port").matches("\\d{1,5}") ? Integer.parseInt(form.group("port")) : 0;
    Require.that(port >= 1 && port <= 65_535, NAME, text, "a URL with a port from 1 to 65535");
    return port;
  }
}
