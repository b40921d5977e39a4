package dev.gatlingllm.gatling;

import com.sun.management.ThreadMXBean;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Measures what an event loop needs to send a body through the loopback interface: bytes that lie
 * in one direct buffer, which is as little as it can cost; fragments of a conversation; and the
 * same fragments concatenated into an array. Of the body, 85 % is one text, and the rest is in 40
 * fragments. One body after another, each acknowledged by a byte.
 */
public final class BodyWriting implements AutoCloseable {

  private static final int FRAGMENTS = 40;

  private final List<ByteBuffer> fragments = new ArrayList<>();
  private final ByteBuf whole;
  private final EventLoopGroup loops;
  private final Channel channel;
  private final ServerSocket server;

  private volatile Function<ByteBufAllocator, ByteBuf> body;

  /** Written by the event loop only. */
  private volatile long written;

  /**
   * Connects.
   *
   * @param bytes length of the bodies
   */
  public BodyWriting(int bytes) throws IOException, InterruptedException {
    int rest = bytes * 15 / 100 / FRAGMENTS;
    byte[] large = new byte[bytes - rest * FRAGMENTS];
    fragments.add(ByteBuffer.allocateDirect(large.length).put(large).flip());
    for (int i = 0; i < FRAGMENTS; i++) {
      fragments.add(ByteBuffer.allocate(rest));
    }
    whole = Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes).writeZero(bytes));
    body = allocator -> whole.retainedDuplicate();
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread reader = new Thread(() -> acknowledge(bytes), "body-reader");
    reader.setDaemon(true);
    reader.start();
    boolean epoll = Epoll.isAvailable();
    loops =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    channel =
        new Bootstrap()
            .group(loops)
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .handler(new Writer())
            .connect(server.getLocalSocketAddress())
            .sync()
            .channel();
  }

  private void acknowledge(int bytes) {
    try (Socket socket = server.accept()) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1 << 20];
      long missing = bytes;
      for (int read; (read = in.read(buffer)) > 0; ) {
        missing -= read;
        if (missing == 0) {
          missing = bytes;
          socket.getOutputStream().write(1);
        }
      }
    } catch (IOException closed) {
      // the measurement has ended
    }
  }

  private final class Writer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(body.apply(context.alloc()));
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    public void channelRead(ChannelHandlerContext context, Object acknowledgement) {
      ((ByteBuf) acknowledgement).release();
      written++;
      context.writeAndFlush(body.apply(context.alloc()));
    }
  }

  /** Returns the processor time of the event loop for one direct buffer, in µs. */
  public double bytesMicros(int seconds) throws InterruptedException {
    return micros(allocator -> whole.retainedDuplicate(), seconds);
  }

  /** Returns the processor time of the event loop for a body of fragments, in µs. */
  public double fragmentsMicros(int seconds) throws InterruptedException {
    return micros(
        allocator -> (ByteBuf) new FragmentsBody(fragments).build(allocator).getContent(), seconds);
  }

  /** Returns the processor time of the event loop for a concatenated body, in µs. */
  public double arrayMicros(int seconds) throws InterruptedException {
    return micros(
        allocator -> Unpooled.wrappedBuffer(new FragmentsBody(fragments).getBytes()), seconds);
  }

  private double micros(Function<ByteBufAllocator, ByteBuf> of, int seconds)
      throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    EventLoop loop = channel.eventLoop();
    long id = loop.submit(() -> Thread.currentThread().getId()).sync().getNow();
    body = of;
    Thread.sleep(300);
    long before = written;
    long cpu = threads.getThreadCpuTime(id);
    Thread.sleep(1_000L * seconds);
    return (threads.getThreadCpuTime(id) - cpu) / 1e3 / Math.max(1, written - before);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    server.close();
    loops.shutdownGracefully();
  }
}
