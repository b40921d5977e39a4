package dev.gatlingllm.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides which requests are handled: those with a key, if the server has one, and none that a web
 * page makes the browser of a user send. Immutable.
 */
final class RequestGuard {

  /** The paths that need no key, for probes and scrapers. They change nothing. */
  private static final Set<String> PUBLIC = Set.of("/health", "/version", "/metrics");

  /** What browsers say of requests that no page of another site has caused. */
  private static final List<String> OWN_SITE = List.of("none", "same-origin");

  private static final String SITE = "Sec-Fetch-Site";

  private final ApiKeys apiKeys;
  private final String host;
  private final boolean loopback;

  RequestGuard(ServerSettings settings) {
    apiKeys = new ApiKeys(settings.apiKeys);
    host = settings.host;
    InetSocketAddress address = new InetSocketAddress(host, 0);
    loopback = !address.isUnresolved() && address.getAddress().isLoopbackAddress();
  }

  /**
   * Checks a request.
   *
   * @throws OpenAiError 403 for a request of a web page, 401 for one without a valid key
   */
  void check(HttpExchange.Request request) throws OpenAiError {
    String authority = request.header(HttpHeaderNames.HOST);
    // a page whose name resolves to the loopback (DNS rebinding) may read what it asks for
    if (loopback && authority != null && !isLoopbackName(authority)) {
      throw forbidden(
          "This server listens on the loopback only and must be addressed by localhost or an IP"
              + " address, got the host "
              + authority
              + ".");
    }
    String origin = request.header(HttpHeaderNames.ORIGIN);
    String site = request.header(SITE);
    boolean foreign =
        origin == null
            ? site != null && !OWN_SITE.contains(site)
            : authority == null || !origin.endsWith("://" + authority);
    if (foreign) {
      throw forbidden("This server does not answer web pages of other sites.");
    }
    if (!PUBLIC.contains(request.path())) {
      apiKeys.check(request.header(HttpHeaderNames.AUTHORIZATION), request.header("x-api-key"));
    }
  }

  private boolean isLoopbackName(String authority) {
    int bracket = authority.indexOf(']');
    if (bracket >= 0) {
      return authority.startsWith("[")
          && NetUtil.isValidIpV6Address(authority.substring(1, bracket));
    }
    String name = authority.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equalsIgnoreCase(host)
        || NetUtil.isValidIpV4Address(name);
  }

  private static OpenAiError forbidden(String message) {
    return OpenAiError.http(HttpResponseStatus.FORBIDDEN, message);
  }
}
