package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a server speaks TLS, and who it says that it is. Immutable; made by {@link
 * ServerSettings.Builder#tls()} and its kin.
 *
 * @param certificate a file of certificates in PEM, the server's own first; without one, a
 *     certificate is made at the start
 * @param privateKey a file with its private key in PEM (PKCS #8), not encrypted
 */
public record TlsSettings(boolean enabled, Optional<Path> certificate, Optional<Path> privateKey) {

  static final TlsSettings OFF = new TlsSettings(false, Optional.empty(), Optional.empty());
  static final TlsSettings SELF_SIGNED = new TlsSettings(true, Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException for one file without the other, or a file that is not there
   */
  public TlsSettings {
    Require.that(
        certificate.isPresent() == privateKey.isPresent(),
        "the TLS certificate and its private key",
        certificate.or(() -> privateKey).map(file -> file + " alone").orElse("none"),
        "given together");
    certificate.ifPresent(file -> checkReadable("the TLS certificate", file));
    privateKey.ifPresent(file -> checkReadable("the TLS private key", file));
  }

  /** Whether the certificate is made at the start, and signed by nobody else. */
  boolean isSelfSigned() {
    return enabled && certificate.isEmpty();
  }

  private static void checkReadable(String what, Path file) {
    Require.that(Files.isReadable(file), what, file, "a file that can be read");
  }
}
