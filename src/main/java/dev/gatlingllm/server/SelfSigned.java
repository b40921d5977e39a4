package dev.gatlingllm.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A key and a certificate for it that nobody else has signed, for the loopback's names and
 * addresses and the one that the server binds to. The JDK's own keytool makes them, which takes
 * about a second; they are kept in memory alone.
 */
record SelfSigned(PrivateKey key, X509Certificate certificate) {

  private static final String ALIAS = "server";
  private static final String VALID_DAYS = "30";

  private static final Map<String, SelfSigned> MADE = new ConcurrentHashMap<>();

  /**
   * The one for a host; made when it is first asked for, as tests start many servers.
   *
   * @throws UncheckedIOException when keytool cannot be run
   */
  static SelfSigned of(String host) {
    return MADE.computeIfAbsent(host, SelfSigned::make);
  }

  private static SelfSigned make(String host) {
    char[] password = HexFormat.of().formatHex(new SecureRandom().generateSeed(16)).toCharArray();
    try {
      Path folder = Files.createTempDirectory("llm-server-tls");
      Path store = folder.resolve("server.p12");
      try {
        runKeytool(store, password, host);
        return read(store, password);
      } finally {
        Files.deleteIfExists(store);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot make a certificate (" + e.getMessage() + "): give one of your own", e);
    }
  }

  private static void runKeytool(Path store, char[] password, String host) throws IOException {
    String subject = host.matches("[0-9.]+|.*:.*") ? "ip:" + host : "dns:" + host;
    ProcessBuilder keytool =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                VALID_DAYS,
                "-dname",
                "CN=simulated LLM server",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,ip:::1," + subject,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                // not on the command line, which others may read
                "-storepass:env",
                "STORE_PASSWORD"));
    keytool.environment().put("STORE_PASSWORD", new String(password));
    Process process = keytool.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes()).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static SelfSigned read(Path store, char[] password) throws IOException {
    try (InputStream file = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(file, password);
      return new SelfSigned(
          (PrivateKey) keys.getKey(ALIAS, password), (X509Certificate) keys.getCertificate(ALIAS));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
