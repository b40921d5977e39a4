package dev.gatlingllm.gatling;

import dev.gatlingllm.text.Redactor;
import io.gatling.http.client.Request;
import io.gatling.http.client.body.RequestBody;
import io.gatling.http.client.uri.Uri;
import io.gatling.http.engine.tx.HttpTx;
import io.gatling.http.request.HttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The credentials that requests carry: in headers, cookies, and the URL. */
final class Credentials {

  /** Whether a header's name is that of a secret. A simulation has few names. */
  private static final Map<String, Boolean> SECRET_HEADERS = new ConcurrentHashMap<>();

  private Credentials() {}

  /** Has the credentials of a request masked wherever a server repeats them. */
  static void mask(Request request, Redactor redactor) {
    for (Map.Entry<String, String> header : request.getHeaders()) {
      if (isSecret(header.getKey())) {
        redactor.add(header.getKey(), header.getValue());
      }
    }
    request.getCookies().forEach(cookie -> redactor.addCookie(cookie.value()));
    Uri uri = request.getUri();
    if (uri.getQuery() != null || uri.getUserInfo() != null) {
      redactor.addUrl(uri.toFullUrl());
    }
  }

  /** Returns whether a request has a header that is a credential by its name. */
  static boolean areIn(Request request) {
    return request.getHeaders().names().stream().anyMatch(Credentials::isSecret);
  }

  private static boolean isSecret(String header) {
    return SECRET_HEADERS.computeIfAbsent(header, Redactor::isSecretName);
  }

  private static boolean holdsSecret(@Nullable String text) {
    return text == null || !Redactor.ofProcess().redact(text).equals(text);
  }

  /** Returns the text of a body; null for one that can be read only once. */
  static @Nullable String text(RequestBody body) {
    try {
      return new String(body.getBytes(), StandardCharsets.UTF_8);
    } catch (RuntimeException unknown) {
      return null;
    }
  }

  /** Returns whether two URLs have the same host and port, and the same use of TLS. */
  static boolean isSameOrigin(Uri one, Uri other) {
    return one.isSecured() == other.isSecured()
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getExplicitPort() == other.getExplicitPort();
  }

  /**
   * Returns a request that a redirect led to, without the credentials that were meant for another
   * server: headers that are credentials by their names or hold a secret, and a body that holds
   * one. Gatling would send them to any host that a server names, and those in the query of the
   * earlier URL as the referrer. Cookies stay: Gatling chose them for the URL.
   *
   * @param origin the URL of the request before the redirect
   */
  static HttpTx keepAt(Uri origin, HttpTx redirected) {
    HttpRequest request = redirected.request();
    Request client = request.clientRequest();
    if (isSameOrigin(origin, client.getUri())) {
      return redirected;
    }
    return HttpTx.apply(
        redirected.session(),
        HttpRequest.apply(request.requestName(), without(client), request.requestConfig()),
        redirected.next(),
        redirected.resourceTx(),
        redirected.redirectCount());
  }

  private static Request without(Request request) {
    HttpHeaders headers = request.getHeaders().copy();
    for (Map.Entry<String, String> header : request.getHeaders()) {
      if (isSecret(header.getKey()) || holdsSecret(header.getValue())) {
        headers.remove(header.getKey());
      }
    }
    // Gatling sets the whole URL of an earlier request, with the keys in its query
    headers.remove(HttpHeaderNames.REFERER);
    return new Request(
        request.getName(),
        request.getMethod(),
        request.getUri(),
        headers,
        request.getCookies(),
        request.getBody() == null || holdsSecret(text(request.getBody()))
            ? null
            : request.getBody(),
        request.getRequestTimeout(),
        request.isAutoOrigin(),
        request.getLocalAddresses(),
        null,
        request.getProxyServer(),
        request.getProxyProtocolSourceIpV4Address(),
        request.getProxyProtocolSourceIpV6Address(),
        null,
        request.getNameResolver(),
        request.isHttp2Enabled(),
        request.getHttp2PriorKnowledge(),
        request.getWsSubprotocol());
  }
}
