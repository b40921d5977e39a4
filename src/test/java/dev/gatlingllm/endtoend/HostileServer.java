package dev.gatlingllm.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatlingllm.endtoend.HostileAnswer.End;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A server that answers each request with the {@link HostileCase} that its header {@code X-Case}
 * names: over HTTP/1.1 without TLS, over HTTP/2 with it. It also listens at another address, {@link
 * #elsewhere}, where redirects lead.
 */
final class HostileServer implements AutoCloseable {

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final Map<String, HostileCase> cases;
  private final List<String> requestsElsewhere = new CopyOnWriteArrayList<>();
  private final Channel http1;
  private final Channel http2;
  private final Channel elsewhere;

  private HostileServer(Map<String, HostileCase> cases) throws Exception {
    this.cases = cases;
    SslContext tls = tls();
    http1 = listen("127.0.0.1", HostileServer.this::addHttp1);
    http2 =
        listen(
            "127.0.0.1",
            pipeline -> pipeline.addLast(tls.newHandler(pipeline.channel().alloc()), new Alpn()));
    elsewhere = listen("127.0.0.2", this::addHttp1);
  }

  static HostileServer start(Map<String, HostileCase> cases) throws Exception {
    return new HostileServer(cases);
  }

  private interface Initializer {
    void init(ChannelPipeline pipeline);
  }

  private Channel listen(String address, Initializer initializer) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                initializer.init(channel.pipeline());
              }
            })
        .bind(address, 0)
        .syncUninterruptibly()
        .channel();
  }

  String http1Url() {
    return "http://" + authority(http1);
  }

  String http2Url() {
    return "https://" + authority(http2);
  }

  /** Returns the first line and the headers of each request that reached the other address. */
  List<String> requestsElsewhere() {
    return requestsElsewhere;
  }

  private static String authority(Channel channel) {
    InetSocketAddress address = (InetSocketAddress) channel.localAddress();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private void addHttp1(ChannelPipeline pipeline) {
    // no encoder: heads and framing are not to be corrected
    pipeline
        .addLast(new HttpRequestDecoder())
        .addLast(new HttpObjectAggregator(1 << 20))
        .addLast(new Answering(false));
  }

  private void addHttp2(ChannelPipeline pipeline) {
    pipeline
        .addLast(Http2FrameCodecBuilder.forServer().validateHeaders(false).build())
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream
                        .pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true, false))
                        .addLast(new HttpObjectAggregator(1 << 20))
                        .addLast(new Answering(true));
                  }
                }))
        .addLast(new Closing());
  }

  /** Closes a connection that the client has reset. */
  private static final class Closing extends ChannelInboundHandlerAdapter {

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private final class Alpn extends ApplicationProtocolNegotiationHandler {

    Alpn() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      addHttp2(context.pipeline());
    }
  }

  /** Sends the answers of one connection or HTTP/2 stream. */
  private final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final int MAX_PIECES = 64;

    private final boolean http2;
    private HostileAnswer answer;
    private ChannelFuture written;
    private boolean pumping;

    Answering(boolean http2) {
      this.http2 = http2;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      if (context.channel().parent() == elsewhere) {
        requestsElsewhere.add(request.method() + " " + request.uri() + " " + request.headers());
        send(context, HostileAnswer.json(200, "{}"));
        return;
      }
      HostileCase chosen = cases.get(request.headers().get("X-Case"));
      send(
          context,
          chosen
              .script()
              .answer(
                  new HostileCase.Asked(
                      request.uri().contains("/chat/"),
                      request.headers().get("Authorization").substring("Bearer ".length()),
                      request.uri() + " " + request.headers(),
                      "http://" + authority(elsewhere))));
    }

    private void send(ChannelHandlerContext context, HostileAnswer answer) {
      this.answer = answer;
      if (!answer.raw()) {
        answer.interims().forEach(status -> context.write(http2 ? interim(status) : line(status)));
        written = context.write(http2 ? head() : ascii(headLines()));
      }
      pump(context);
    }

    private static ByteBuf line(int interim) {
      return ascii("HTTP/1.1 " + interim + " Interim\r\n\r\n");
    }

    private static Object interim(int status) {
      return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    }

    private HttpResponse head() {
      HttpResponse head =
          new DefaultHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
      answer.headers().forEach(head.headers()::set);
      return head;
    }

    private String headLines() {
      StringBuilder lines = new StringBuilder("HTTP/1.1 " + answer.status() + " Status\r\n");
      answer.headers().forEach((name, value) -> lines.append(name + ": " + value + "\r\n"));
      return lines.append("Transfer-Encoding: chunked\r\n\r\n").toString();
    }

    private static ByteBuf ascii(String text) {
      return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    /** Writes as much as the client takes, a few pieces at a time, to leave the loop to others. */
    private void pump(ChannelHandlerContext context) {
      if (answer == null || pumping) {
        return;
      }
      pumping = true;
      Iterator<byte[]> body = answer.body();
      int pieces = 0;
      for (; pieces < MAX_PIECES && context.channel().isWritable() && body.hasNext(); pieces++) {
        write(context, body.next());
      }
      context.flush();
      pumping = false;
      if (!context.channel().isActive()) {
        answer = null;
      } else if (!body.hasNext()) {
        end(context);
      } else if (pieces == MAX_PIECES) {
        context.executor().execute(() -> pump(context));
      }
    }

    private void write(ChannelHandlerContext context, byte[] piece) {
      ByteBuf bytes = Unpooled.wrappedBuffer(piece);
      if (http2) {
        written = context.writeAndFlush(new DefaultHttpContent(bytes));
      } else if (answer.raw()) {
        written = context.writeAndFlush(bytes);
      } else {
        context.write(ascii(Integer.toHexString(piece.length) + "\r\n"));
        context.write(bytes);
        written = context.writeAndFlush(ascii("\r\n"));
      }
    }

    private void end(ChannelHandlerContext context) {
      End end = answer.end();
      boolean raw = answer.raw();
      answer = null;
      if (end == End.CUT) {
        written.addListener(last -> context.close());
      } else if (end == End.COMPLETE && !raw) {
        context.writeAndFlush(http2 ? LastHttpContent.EMPTY_LAST_CONTENT : ascii("0\r\n\r\n"));
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      pump(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private static SslContext tls() throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=hostile")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .ecp256()
            .buildSelfSigned();
    return SslContextBuilder.forServer(
            bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2))
        .build();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
