package dev.gatlingllm.gatling;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.text.Redactor;
import io.gatling.commons.validation.Failure;
import io.gatling.commons.validation.Success;
import io.gatling.commons.validation.Validation;
import io.gatling.core.session.Session$;
import io.gatling.http.client.Request;
import io.gatling.http.client.RequestBuilder;
import io.gatling.http.client.body.WritableContent;
import io.gatling.http.client.uri.Uri;
import io.gatling.http.request.HttpRequestDef;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FragmentsBodyTest {

  private static final ByteBuffer LARGE =
      ByteBuffer.allocateDirect(20_000).put(0, "p".repeat(20_000).getBytes(US_ASCII));

  private static final String TEXT = "{\"model\":\"m\"," + "p".repeat(20_000) + "\"grüße\"}";

  private static FragmentsBody body() {
    return new FragmentsBody(
        List.of(
            fragment("{\"model\":"),
            fragment("\"m\","),
            LARGE,
            fragment("\"grüße"),
            fragment("\"}")));
  }

  private static ByteBuffer fragment(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  @Test
  void writesTheFragmentsInOrderEachTimeTheRequestIsSent() {
    FragmentsBody body = body();

    for (int sent = 0; sent < 2; sent++) {
      WritableContent written = body.build(PooledByteBufAllocator.DEFAULT);
      ByteBuf content = (ByteBuf) written.getContent();
      assertThat(content.toString(UTF_8)).isEqualTo(TEXT);
      assertThat(written.getContentLength()).isEqualTo(content.readableBytes());
      content.skipBytes(100);
      content.release();
    }
    assertThat(body.getBytes()).isEqualTo(TEXT.getBytes(UTF_8));
    assertThat(body.newBuilder().build("application/json", UTF_8, UTF_8)).isSameAs(body);
  }

  @Test
  void refersToLargeFragmentsAndGivesBackTheRest() {
    CompositeByteBuf content =
        (CompositeByteBuf) body().build(PooledByteBufAllocator.DEFAULT).getContent();
    ByteBuf copied = content.component(0);

    assertThat(content.isDirect()).as("a heap buffer would be copied").isTrue();
    assertThat(content.numComponents()).isEqualTo(3);
    LARGE.put(0, (byte) 'q');
    assertThat((char) content.component(1).getByte(0)).isEqualTo('q');
    LARGE.put(0, (byte) 'p');

    content.release();
    assertThat(copied.refCnt()).isZero();
  }

  @Test
  void copiesSmallFragmentsIntoOneDirectBuffer() {
    FragmentsBody body = new FragmentsBody(List.of(fragment("{"), fragment("}")));
    ByteBuf content = (ByteBuf) body.build(PooledByteBufAllocator.DEFAULT).getContent();

    assertThat(content.hasMemoryAddress()).isTrue();
    assertThat(content.toString(UTF_8)).isEqualTo("{}");
    assertThat(content.release()).isTrue();
  }

  @Test
  void printsTheBeginningWithSecretsMasked() {
    Redactor.ofProcess().keepSecret("body-Zq8-hidden-word");
    FragmentsBody body = new FragmentsBody(List.of(fragment("{\"key\":\"body-Zq8-hidden-word\"}")));

    assertThat(body.print(16)).isEqualTo("FragmentsBody{content={\"key\":\"[redacte...}");
    assertThat(body().print(10)).isEqualTo("FragmentsBody{content={\"model\":\"...}");
  }

  private static Validation<Request> requestWith(
      Function<io.gatling.javaapi.core.Session, List<ByteBuffer>> fragments) {
    Request empty =
        new RequestBuilder("answer", HttpMethod.POST, Uri.create("http://llm.example/v1"), null)
            .build();
    HttpRequestDef definition =
        new HttpRequestDef(session -> new Success<>("answer"), s -> new Success<>(empty), null);
    return FragmentsBody.in(definition, fragments)
        .clientRequest()
        .apply(Session$.MODULE$.apply("chat", 1, null));
  }

  @Test
  void becomesTheBodyOfARequest() {
    Validation<Request> request = requestWith(session -> List.of(fragment("{"), fragment("}")));

    assertThat(((Success<Request>) request).value().getBody().getBytes()).containsExactly('{', '}');
  }

  @Test
  void failsARequestWithoutFragmentsAsGatlingDoes() {
    Validation<Request> request =
        requestWith(
            session -> {
              throw new IllegalStateException("the token ids are unknown");
            });

    assertThat(request)
        .isEqualTo(new Failure("j.l.IllegalStateException: the token ids are unknown"));
  }
}
