package dev.gatlingllm.gatling;

import dev.gatlingllm.settings.ServerRoot;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.SslConfiguration;
import io.gatling.core.session.Session;
import io.gatling.core.session.SessionPrivateAttributes;
import io.gatling.http.cache.SslContextSupport;
import io.gatling.http.protocol.HttpComponents;
import io.gatling.http.protocol.HttpProtocolEnginePart;
import io.gatling.http.util.SslContexts;
import io.gatling.http.util.SslContextsFactory;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLConnection;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Verifies the certificates of the servers of {@code llmTarget()}, with their host names. Gatling
 * accepts any certificate by default, and would send the API key to whoever answers. Trusted are
 * the issuers of Gatling's trust store ({@code gatling.ssl.trustStore}) if there is one, else those
 * of the JVM.
 */
public final class Certificates {

  private static final int TIMEOUT_MILLIS = 10_000;

  /** The servers to verify, and those of them that were trusted when the run began. */
  private static final Set<String> TARGETS = ConcurrentHashMap.newKeySet();

  private static final Set<String> TRUSTED = ConcurrentHashMap.newKeySet();

  /** The attribute in which Gatling keeps the TLS contexts of a user. */
  private static final String CONTEXTS =
      SessionPrivateAttributes.generatePrivateAttribute("http.ssl.sslContexts");

  private static final String VERIFIED =
      SessionPrivateAttributes.generatePrivateAttribute("llm.certificates");

  private final HttpComponents http;

  /** Null if certificates are not verified. */
  private final @Nullable SslContextsFactory factory;

  /** The contexts of users who share connections, or null. */
  private @Nullable SslContexts shared;

  private Certificates(HttpComponents http, @Nullable SslContextsFactory factory) {
    this.http = http;
    this.factory = factory;
  }

  /** Has the certificate of a server verified when the run begins and on each connection. */
  public static void verify(ServerRoot server) {
    TARGETS.add(server.url());
  }

  /** Has a connection of the JDK's client accept any certificate if it uses TLS. */
  public static void acceptAny(URLConnection connection) {
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(context(true).getSocketFactory());
      secure.setHostnameVerifier((host, session) -> true);
    }
  }

  /** Returns a TLS context that trusts any certificate, or those that Java trusts. */
  public static SSLContext context(boolean any) {
    try {
      if (!any) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no TLS", e);
    }
  }

  /**
   * Returns the certificates of the servers of a protocol.
   *
   * @throws SettingException if one is to be verified and is not trusted
   */
  static Certificates of(CoreComponents core, HttpComponents http) {
    Seq<String> urls = http.httpProtocol().baseUrls();
    String target = null;
    for (int i = 0; i < urls.size(); i++) {
      target = TARGETS.contains(urls.apply(i)) ? urls.apply(i) : target;
    }
    if (target == null) {
      return new Certificates(http, null);
    }
    SslConfiguration gatlings = core.configuration().ssl();
    if (!TRUSTED.contains(target)) {
      requireTrusted(ServerRoot.parse(target), gatlings);
      TRUSTED.add(target);
    }
    return new Certificates(http, new SslContextsFactory(verifying(gatlings), true));
  }

  private static SslConfiguration verifying(SslConfiguration gatlings) {
    return new SslConfiguration(
        gatlings.useOpenSsl(),
        gatlings.useOpenSslFinalizers(),
        gatlings.handshakeTimeout(),
        false,
        gatlings.enabledProtocols(),
        gatlings.enabledCipherSuites(),
        gatlings.sessionCacheSize(),
        gatlings.sessionTimeout(),
        gatlings.enableSni(),
        gatlings.keyManagerFactory(),
        gatlings.trustManagerFactory());
  }

  /** Opens a connection and closes it after the handshake, so that the run's requests are first. */
  private static void requireTrusted(ServerRoot server, SslConfiguration gatlings) {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(server.host(), server.port()), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      SSLSocket socket =
          (SSLSocket)
              context(gatlings)
                  .getSocketFactory()
                  .createSocket(plain, server.host(), server.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
    } catch (SSLException e) {
      throw new SettingException(Setting.BASE_URL, server.url(), reason(e));
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingException(Setting.BASE_URL, server.url(), e);
    }
  }

  /** Returns why there is no verified connection, and what to do. */
  static String reason(SSLException problem) {
    return TimedListener.innermost(problem) instanceof GeneralSecurityException
            || problem instanceof SSLPeerUnverifiedException
        ? "the server cannot be verified ("
            + TimedListener.describe(problem)
            + "); name a trust store that has its issuer in -Djavax.net.ssl.trustStore=…, or set"
            + " llm.insecure = true to accept any certificate"
        : "the TLS handshake failed ("
            + TimedListener.describe(problem)
            + "); use http:// if the server has no TLS";
  }

  private static SSLContext context(SslConfiguration gatlings) throws GeneralSecurityException {
    Option<TrustManagerFactory> trusted = gatlings.trustManagerFactory();
    Option<KeyManagerFactory> keys = gatlings.keyManagerFactory();
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] managers = trusted.isDefined() ? trusted.get().getTrustManagers() : null;
    context.init(keys.isDefined() ? keys.get().getKeyManagers() : null, managers, null);
    return context;
  }

  /**
   * Returns a user's session with TLS contexts that verify certificates. Connections that the user
   * opened before are closed.
   */
  Session verifying(Session session) {
    if (factory == null
        || http.httpProtocol().enginePart().shareConnections()
        || session.contains(VERIFIED)) {
      return session;
    }
    Option<SslContexts> gatlings = SslContextSupport.sslContexts(session);
    if (gatlings.isDefined()) {
      http.httpEngine().flushClientIdChannels(session.userId(), session.eventLoop());
      gatlings.get().close();
    }
    return session.set(CONTEXTS, contexts(factory, session)).set(VERIFIED, true);
  }

  /** Returns the TLS contexts of a user's requests; Gatling's default if empty. */
  Option<SslContexts> contextsOf(Session session) {
    return factory != null && http.httpProtocol().enginePart().shareConnections()
        ? Option.apply(shared(factory, session))
        : SslContextSupport.sslContexts(session);
  }

  private synchronized SslContexts shared(SslContextsFactory factory, Session session) {
    SslContexts known = shared;
    if (known == null) {
      known = contexts(factory, session);
      shared = known;
    }
    return known;
  }

  private SslContexts contexts(SslContextsFactory factory, Session session) {
    HttpProtocolEnginePart engine = http.httpProtocol().enginePart();
    Option<KeyManagerFactory> keys =
        engine.perUserKeyManagerFactory().map(users -> users.apply(session.userId()));
    return factory.newSslContexts(engine.enableHttp2(), keys);
  }
}
