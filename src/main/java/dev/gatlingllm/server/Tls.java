package dev.gatlingllm.server;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * What a server needs to speak TLS, with HTTP/2 for clients that know it.
 *
 * @param certificate the server's own, for clients to trust
 */
record Tls(SslContext context, X509Certificate certificate) {

  /**
   * @throws IllegalArgumentException for files that hold no certificate and its key
   * @throws java.io.UncheckedIOException when a certificate cannot be made
   */
  static Tls of(ServerSettings.TlsSettings settings, String host) {
    try {
      if (settings.isSelfSigned()) {
        SelfSigned self = SelfSigned.of(host);
        return new Tls(
            context(SslContextBuilder.forServer(self.key(), self.certificate())),
            self.certificate());
      }
      Path certificate = settings.certificate().get();
      Path key = settings.privateKey().orElseThrow();
      return new Tls(
          context(SslContextBuilder.forServer(certificate.toFile(), key.toFile())),
          first(certificate));
    } catch (IOException | CertificateException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The TLS certificate and its private key cannot be used: "
              + e.getMessage()
              + "; give both in PEM, the key in PKCS #8 and not encrypted",
          e);
    }
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

  private static X509Certificate first(Path file) throws IOException, CertificateException {
    try (InputStream pem = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }
}
