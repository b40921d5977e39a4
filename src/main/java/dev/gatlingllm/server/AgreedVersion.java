package dev.gatlingllm.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on with the HTTP that client and server agreed on in their TLS handshake. */
final class AgreedVersion extends ApplicationProtocolNegotiationHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AgreedVersion.class);

  private final HttpVersions versions;

  AgreedVersion(HttpVersions versions) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.versions = versions;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext context, String protocol) {
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      versions.http2(context.pipeline());
    } else {
      versions.http1(context.pipeline());
    }
  }

  @Override
  protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
    // a client that does not trust us has its reasons
    LOG.debug("Closing {}", context.channel(), cause);
    context.close();
  }
}
