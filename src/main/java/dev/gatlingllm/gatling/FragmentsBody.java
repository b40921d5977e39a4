package dev.gatlingllm.gatling;

import dev.gatlingllm.text.Redactor;
import io.gatling.commons.validation.Validation;
import io.gatling.core.session.Session;
import io.gatling.http.client.body.RequestBody;
import io.gatling.http.client.body.RequestBodyBuilder;
import io.gatling.http.client.body.WritableContent;
import io.gatling.http.request.HttpRequestDef;
import io.gatling.javaapi.core.internal.Expressions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/**
 * The body of a request, of fragments that other requests have too. The socket reads the large ones
 * where they are, outside of the heap; the others are copied into one buffer for each request. A
 * request that waits for its response holds no copy of its prompt. Immutable.
 */
final class FragmentsBody extends RequestBody.Base<List<ByteBuffer>> {

  /** Room for a secret that begins before the end of a printed text, so that it is masked. */
  private static final int BEYOND_PRINTED = 1_000;

  private final int length;

  /**
   * @param fragments in order; never changed
   */
  FragmentsBody(List<ByteBuffer> fragments) {
    super(fragments);
    int sum = 0;
    for (ByteBuffer fragment : fragments) {
      sum = Math.addExact(sum, fragment.remaining());
    }
    this.length = sum;
  }

  /**
   * Returns a request's definition with another body.
   *
   * @param fragments returns the body's fragments for a session; null to leave the body as it is
   */
  static HttpRequestDef in(
      HttpRequestDef definition,
      @Nullable Function<io.gatling.javaapi.core.Session, List<ByteBuffer>> fragments) {
    if (fragments == null) {
      return definition;
    }
    // exceptions become Gatling's failures, as in its own bodies
    Function1<Session, Validation<FragmentsBody>> body =
        Expressions.javaFunctionToExpression(fragments.andThen(FragmentsBody::new));
    return new HttpRequestDef(
        definition.requestName(),
        session ->
            definition
                .clientRequest()
                .apply(session)
                .flatMap(request -> body.apply(session).map(request::copyWithNewBody)),
        definition.requestConfig());
  }

  @Override
  public WritableContent build(ByteBufAllocator allocator) {
    int large = 0;
    int small = 0;
    for (ByteBuffer fragment : content) {
      if (fragment.isDirect()) {
        large++;
      } else {
        small += fragment.remaining();
      }
    }
    ByteBuf copied = allocator.directBuffer(small);
    if (large == 0) {
      for (ByteBuffer fragment : content) {
        copy(fragment, copied);
      }
      return new WritableContent(copied, length);
    }
    CompositeByteBuf whole = allocator.compositeDirectBuffer(2 * large + 1);
    for (ByteBuffer fragment : content) {
      if (fragment.isDirect()) {
        moveTo(whole, copied);
        whole.addComponent(true, Unpooled.wrappedBuffer(fragment));
      } else {
        copy(fragment, copied);
      }
    }
    moveTo(whole, copied);
    copied.release();
    return new WritableContent(whole, length);
  }

  private static void copy(ByteBuffer fragment, ByteBuf to) {
    if (fragment.hasArray()) {
      to.writeBytes(fragment.array(), fragment.arrayOffset(), fragment.remaining());
    } else {
      to.writeBytes(fragment.duplicate());
    }
  }

  /** Adds what was copied since the last time. */
  private static void moveTo(CompositeByteBuf whole, ByteBuf copied) {
    if (copied.isReadable()) {
      whole.addComponent(true, copied.readRetainedSlice(copied.readableBytes()));
    }
  }

  @Override
  public RequestBodyBuilder newBuilder() {
    return (contentType, charset, defaultCharset) -> this;
  }

  @Override
  public byte[] getBytes() {
    return first(length);
  }

  private byte[] first(int bytes) {
    ByteBuffer first = ByteBuffer.allocate(bytes);
    for (ByteBuffer fragment : content) {
      first.put(fragment.slice(0, Math.min(fragment.remaining(), first.remaining())));
    }
    return first.array();
  }

  /** For the log: the beginning as text, with secrets masked. */
  @Override
  public String print(int maxLength) {
    int decoded = (int) Math.min(length, (long) maxLength + BEYOND_PRINTED);
    String text = Redactor.ofProcess().redact(new String(first(decoded), StandardCharsets.UTF_8));
    return getClass().getSimpleName() + "{content=" + truncate(text, maxLength) + '}';
  }
}
