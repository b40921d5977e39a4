package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Tells by its first bytes which HTTP an unencrypted connection speaks: one that speaks HTTP/2 from
 * the start ("prior knowledge") begins with a word that is no method of HTTP/1.1.
 */
final class KnownVersion extends ByteToMessageDecoder {

  private static final byte[] HTTP_2 = "PRI * HTTP/2.0".getBytes(US_ASCII);

  private final HttpVersions versions;

  KnownVersion(HttpVersions versions) {
    this.versions = versions;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int seen = Math.min(HTTP_2.length, in.readableBytes());
    for (int i = 0; i < seen; i++) {
      if (in.getByte(in.readerIndex() + i) != HTTP_2[i]) {
        versions.http1(context.pipeline());
        context.pipeline().remove(this);
        return;
      }
    }
    if (seen == HTTP_2.length) {
      versions.http2(context.pipeline());
      context.pipeline().remove(this);
    }
  }
}
