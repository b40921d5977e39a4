package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Client.message;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.server.engine.EngineSettings;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/1.1 and HTTP/2, encrypted or not. */
@Timeout(60)
class HttpVersionsTest {

  private static final String STREAMED =
      Client.write(
          Map.of("messages", List.of(message("user", "hello")), "max_tokens", 20, "stream", true));

  private static SimulatedServer tls() {
    return SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).tls());
  }

  private static CompletableFuture<HttpResponse<String>> ask(HttpClient client, String url) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(STREAMED)).build(),
        BodyHandlers.ofString());
  }

  private static HttpClient trusting(SimulatedServer server, Version version)
      throws GeneralSecurityException, IOException {
    return HttpClient.newBuilder()
        .sslContext(Trust.in(server.certificate().orElseThrow()).context())
        .version(version)
        .build();
  }

  @Test
  void negotiatesHttpVersionOverTls() throws Exception {
    try (var server = tls()) {
      assertThat(server.baseUrl()).startsWith("https://127.0.0.1:");
      for (Version version : Version.values()) {
        HttpResponse<String> response =
            ask(trusting(server, version), server.baseUrl() + CHAT).join();

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(Client.events(response.body())).hasSize(1 + 20 + 1 + 1).endsWith("[DONE]");
      }
    }
  }

  @Test
  void servesManyHttp2StreamsOnOneConnection() throws Exception {
    try (var server = tls()) {
      HttpClient client = trusting(server, Version.HTTP_2);
      // the first request opens the connection
      ask(client, server.baseUrl() + CHAT).join();
      var responses =
          IntStream.range(0, 200).mapToObj(i -> ask(client, server.baseUrl() + CHAT)).toList();

      assertThat(responses.stream().map(CompletableFuture::join))
          .allMatch(response -> response.body().endsWith("data: [DONE]\n\n"));
    }
  }

  @Test
  void selfSignedCertificateIsValidForLoopback() throws Exception {
    try (var server = tls()) {
      HttpClient trusting = trusting(server, Version.HTTP_2);
      String url = "https://localhost:" + server.port() + CHAT;

      assertThat(ask(trusting, url).join().statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> ask(HttpClient.newHttpClient(), url).join())
          .hasCauseInstanceOf(SSLException.class);
    }
  }

  @Test
  void readsCertificateFromFiles(@TempDir Path folder) throws Exception {
    X509Bundle own =
        new CertificateBuilder()
            .subject("CN=own.example")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificate = Files.writeString(folder.resolve("own.crt"), own.getCertificatePEM());
    Path key = Files.writeString(folder.resolve("own.key"), own.getPrivateKeyPEM());
    try (var server = SimulatedServer.start(s -> s.tls(certificate, key))) {
      assertThat(server.certificate()).contains(own.getCertificate());
      assertThat(ask(trusting(server, Version.HTTP_2), server.baseUrl() + CHAT).join().statusCode())
          .isEqualTo(200);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SimulatedServer.start(s -> s.tls(key, certificate)))
        .withMessageContaining("PKCS #8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSettings.builder().tls(certificate, folder.resolve("none")).build())
        .withMessageContaining("the TLS private key must be a readable file, got");
  }

  private static Response post(OkHttpClient client, String url, String body) throws IOException {
    RequestBody json = RequestBody.create(body, MediaType.get("application/json"));
    return client.newCall(new Request.Builder().url(url).post(json).build()).execute();
  }

  @Test
  void supportsHttp2WithPriorKnowledge() throws IOException {
    var client = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT))) {
      // larger than an HTTP/2 window
      String body =
          Client.write(Map.of("prompt", text(30_000, 1), "max_tokens", 2_000, "stream", true));
      try (Response response = post(client, server.baseUrl() + COMPLETIONS, body)) {
        assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
        assertThat(Client.events(response.body().string())).hasSize(2_000 + 2).endsWith("[DONE]");
      }
      assertThat(server.truth())
          .singleElement()
          .satisfies(
              truth -> {
                assertThat(truth.tokens().input()).isEqualTo(30_000);
                assertThat(truth.protocol()).isEqualTo("HTTP/2");
              });
    } finally {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    }
  }

  @Test
  void endsHttp2StreamWhenClientCancels() throws IOException {
    var client = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
    EngineSettings slow =
        EngineProfile.FAST.settings().toBuilder().stepBase(Duration.ofHours(1)).build();
    try (var server = SimulatedServer.start(s -> s.engine(slow))) {
      try (Response response = post(client, server.baseUrl() + CHAT, STREAMED)) {
        assertThat(response.body().source().readUtf8Line()).startsWith("data: ");
      }
      while (server.truth().isEmpty()) {
        Thread.onSpinWait();
      }

      assertThat(server.truth()).singleElement().matches(truth -> !truth.complete());
      client.connectionPool().evictAll();
    } finally {
      client.dispatcher().executorService().shutdown();
    }
  }
}
