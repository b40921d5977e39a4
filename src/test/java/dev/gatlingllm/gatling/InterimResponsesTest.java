package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterimResponsesTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final EmbeddedChannel connection = new EmbeddedChannel(new HttpClientCodec());

  private void send(boolean continueExpected) {
    InterimResponses.beforeWrite(connection, continueExpected, null);
    connection.writeOutbound(
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/completions"));
  }

  /** Returns the statuses that Gatling's client gets when the server sends some bytes. */
  private List<Integer> receive(String bytes) {
    connection.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
    List<Integer> statuses = new ArrayList<>();
    for (Object message = connection.readInbound();
        message != null;
        message = connection.readInbound()) {
      if (message instanceof HttpResponse response) {
        statuses.add(response.status().code());
      }
    }
    return statuses;
  }

  @Test
  void dropsInterimResponses() {
    for (int request = 0; request < 2; request++) {
      send(false);
      assertThat(receive("HTTP/1.1 102 Processing\r\n\r\n")).isEmpty();
      assertThat(receive("HTTP/1.1 100 Continue\r\n\r\n")).isEmpty();
      assertThat(receive("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK))
          .containsExactly(200);
    }
  }

  @Test
  void limitsTheHeadOfAResponse() {
    send(false);
    String header = "X-Long: " + "x".repeat(1_000) + "\r\n";
    connection.writeInbound(
        Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n" + header.repeat(1_100), US_ASCII));

    HttpResponse response = connection.readInbound();
    assertThat(response.decoderResult().cause()).isInstanceOf(TooLongHttpHeaderException.class);
  }

  @Test
  void passesOnTheContinueThatTheRequestAskedFor() {
    send(true);

    assertThat(receive("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"))
        .containsExactly(100);
    assertThat(receive("HTTP/1.1 100 Continue\r\n\r\n" + OK)).containsExactly(200);
  }
}
