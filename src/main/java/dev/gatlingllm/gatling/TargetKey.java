package dev.gatlingllm.gatling;

import io.gatling.http.client.Request;
import io.gatling.http.client.uri.Uri;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API key of the server under test. Gatling adds the headers of a protocol to each request of
 * its scenarios, also to the absolute URL of another host; this one stays at the base URLs. Called
 * on the event loops of all users.
 */
public final class TargetKey {

  private static final Logger LOGGER = LoggerFactory.getLogger(TargetKey.class);

  private final String header;
  private final Uri baseUrl;

  /** The other servers that were named in the log. A scenario asks few. */
  private final Set<String> others = ConcurrentHashMap.newKeySet();

  private TargetKey(String key, String baseUrl) {
    header = "Bearer " + key;
    this.baseUrl = Uri.create(baseUrl);
  }

  /** Returns a protocol whose requests to its servers carry the key as bearer token. */
  public static HttpProtocolBuilder on(HttpProtocolBuilder target, String key, String baseUrl) {
    TargetKey targetKey = new TargetKey(key, baseUrl);
    return target
        .authorizationHeader(session -> targetKey.header)
        .sign(targetKey::withoutKeyElsewhere);
  }

  /**
   * Removes the protocol's key from a request to another server. The headers are a copy that
   * Gatling makes for this call.
   */
  @SuppressWarnings("ReferenceEquality") // a request may set an equal header of its own
  private Request withoutKeyElsewhere(Request request) {
    Uri url = request.getUri();
    if (request.getHeaders().get(HttpHeaderNames.AUTHORIZATION) == header && !isTarget(url)) {
      request.getHeaders().remove(HttpHeaderNames.AUTHORIZATION);
      if (others.add(url.getBaseUrl())) {
        LOGGER.warn(
            "LLM_API_KEY is not sent to {}, which is no base URL of the protocol; where that server"
                + " needs it, set the header Authorization of the request",
            url.getBaseUrl());
      }
    }
    return request;
  }

  private boolean isTarget(Uri url) {
    return Credentials.isSameOrigin(url, baseUrl)
        || TokenRun.current().servers().stream()
            .anyMatch(server -> Credentials.isSameOrigin(url, Uri.create(server)));
  }
}
