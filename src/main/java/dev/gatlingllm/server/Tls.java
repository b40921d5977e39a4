package dev.gatlingllm.server;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * The TLS context of a server, with HTTP/2 by ALPN.
 *
 * @param certificate the server's own certificate, for clients to trust
 */
record Tls(SslContext context, X509Certificate certificate) {

  private static final Duration VALIDITY = Duration.ofDays(30);

  /**
   * Creates the context.
   *
   * @throws IllegalArgumentException for files without a certificate and its key
   */
  static Tls of(ServerSettings settings) {
    try {
      return settings.certificate.isEmpty()
          ? selfSigned(settings.host)
          : fromFiles(settings.certificate.get(), settings.privateKey.get());
    } catch (IOException | CertificateException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use the TLS certificate and its private key: "
              + e.getMessage()
              + "; both must be PEM files, the key PKCS #8 and not encrypted",
          e);
    }
  }

  private static Tls fromFiles(Path certificate, Path key)
      throws IOException, CertificateException {
    SslContext context = context(SslContextBuilder.forServer(certificate.toFile(), key.toFile()));
    try (InputStream pem = Files.newInputStream(certificate)) {
      var first = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      return new Tls(context, (X509Certificate) first);
    }
  }

  /** Generates a certificate for the loopback's names and addresses and for the host. */
  private static Tls selfSigned(String host) throws IOException {
    CertificateBuilder builder =
        new CertificateBuilder()
            .subject("CN=simulated LLM server")
            .notAfter(Instant.now().plus(VALIDITY))
            .ecp256()
            // clients trust the certificate itself
            .setIsCertificateAuthority(true)
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .addSanIpAddress("::1");
    boolean address = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    builder = address ? builder.addSanIpAddress(host) : builder.addSanDnsName(host);
    X509Bundle bundle;
    try {
      bundle = builder.buildSelfSigned();
    } catch (Exception e) {
      // the builder declares nothing narrower
      throw new IllegalStateException("Cannot generate a certificate", e);
    }
    return new Tls(
        context(
            SslContextBuilder.forServer(
                bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())),
        bundle.getCertificate());
  }

  private static SslContext context(SslContextBuilder builder) throws IOException {
    return builder
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
