package dev.gatlingllm.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Opens many streams at once, on one event loop, and reads them to their ends. */
final class RawClient {

  private final URI server;
  private final int streams;
  private final int tokens;

  /**
   * @param tokens of each response
   */
  RawClient(URI server, int streams, int tokens) {
    this.server = server;
    this.streams = streams;
    this.tokens = tokens;
  }

  /**
   * Reads all streams to their ends, within a time limit.
   *
   * @throws IllegalStateException if the limit is exceeded
   */
  List<RawStream> run(int seconds) throws InterruptedException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      CountDownLatch open = new CountDownLatch(streams);
      List<RawStream> all = new ArrayList<>();
      List<Channel> channels = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        RawStream stream = new RawStream(tokens, open::countDown);
        all.add(stream);
        channels.add(connect(loop, stream));
      }
      for (int i = 0; i < streams; i++) {
        byte[] request = request(i).getBytes(StandardCharsets.US_ASCII);
        channels.get(i).writeAndFlush(Unpooled.wrappedBuffer(request));
      }
      if (!open.await(seconds, TimeUnit.SECONDS)) {
        throw new IllegalStateException(open.getCount() + " streams did not end");
      }
      return all;
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private Channel connect(EventLoopGroup loop, RawStream stream) throws InterruptedException {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(stream)
        .connect(server.getHost(), server.getPort())
        .sync()
        .channel();
  }

  private String request(int number) {
    String body =
        "{\"prompt\":\"Tell me about %d.\",\"max_tokens\":%d,\"stream\":true}"
            .formatted(number, tokens);
    return "POST /v1/completions HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(server.getAuthority(), body.length(), body);
  }
}
