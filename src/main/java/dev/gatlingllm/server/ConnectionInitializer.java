package dev.gatlingllm.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Lays the pipeline of each new connection: HTTP/1.1, whole requests, keep-alive. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {

  /** Far more than any context window holds. */
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  private final Routes routes;
  private final Faults faults;
  private final ChannelGroup connections;

  /**
   * @param connections takes up each connection for as long as it is open
   */
  ConnectionInitializer(Routes routes, Faults faults, ChannelGroup connections) {
    this.routes = routes;
    this.faults = faults;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    connections.add(channel);
    Fault fault = faults.forConnection();
    if (fault != null) {
      channel.attr(Exchange.MET_ON_CONNECTING).set(fault);
      leaveWaiting(channel, fault.time());
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
        .addLast(new ConnectionHandler(routes));
  }

  /** What the client sends meanwhile, a TLS handshake included, is read when the time is over. */
  private static void leaveWaiting(Channel channel, Duration time) {
    channel.config().setAutoRead(false);
    channel
        .eventLoop()
        .schedule(() -> channel.config().setAutoRead(true), time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
