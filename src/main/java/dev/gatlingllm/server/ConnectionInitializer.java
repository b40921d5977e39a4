package dev.gatlingllm.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;

/** Lays the pipeline of each new connection: HTTP/1.1, whole requests, keep-alive. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {

  /** Far more than any context window holds. */
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  private final Routes routes;
  private final ChannelGroup connections;

  /**
   * @param connections takes up each connection for as long as it is open
   */
  ConnectionInitializer(Routes routes, ChannelGroup connections) {
    this.routes = routes;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    connections.add(channel);
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
        .addLast(new ConnectionHandler(routes));
  }
}
