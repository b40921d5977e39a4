package dev.gatlingllm.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * How Netty waits for bytes and for tokens to be due.
 *
 * <p>Epoll where there is one: it sleeps to the microsecond, and woke us some 0.1 ms late at the
 * median. A Java selector sleeps in whole milliseconds and spins away the rest, which costs a core
 * as soon as there are many streams.
 */
record Transport(IoHandlerFactory ioHandler, Class<? extends ServerChannel> channel) {

  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class)
        : new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
  }
}
