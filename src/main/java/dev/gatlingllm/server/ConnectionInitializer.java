package dev.gatlingllm.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Takes up each new connection: with or without TLS, HTTP/1.1 or HTTP/2. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {

  private final HttpVersions versions;
  private final SslContext tls;
  private final Faults faults;
  private final ChannelGroup connections;

  /**
   * @param tls null for connections that are not encrypted
   * @param connections takes up each connection for as long as it is open
   */
  ConnectionInitializer(Routes routes, SslContext tls, Faults faults, ChannelGroup connections) {
    this.versions = new HttpVersions(routes);
    this.tls = tls;
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
    if (tls == null) {
      channel.pipeline().addLast(new KnownVersion(versions));
    } else {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()), new AgreedVersion(versions));
    }
  }

  /** What the client sends meanwhile, a TLS handshake included, is read when the time is over. */
  private static void leaveWaiting(Channel channel, Duration time) {
    channel.config().setAutoRead(false);
    channel
        .eventLoop()
        .schedule(() -> channel.config().setAutoRead(true), time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
