package dev.gatlingllm.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;

/** Lays the pipeline of a connection once it is known which HTTP it speaks. */
record HttpVersions(Routes routes) {

  /** Far more than any context window holds. */
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  /** More than a load test opens on one connection. */
  private static final int MAX_STREAMS = 10_000;

  /** Long prompts come in one go rather than in rounds of the usual 64 KB. */
  private static final int REQUEST_WINDOW_BYTES = 1 << 20;

  void http1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec()).addLast(new HttpServerKeepAliveHandler());
    wholeRequests(pipeline);
  }

  /** Each stream of HTTP/2 becomes a connection of its own, which sees one request. */
  void http2(ChannelPipeline pipeline) {
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(MAX_STREAMS)
            .initialWindowSize(REQUEST_WINDOW_BYTES);
    pipeline
        .addLast(Http2FrameCodecBuilder.forServer().initialSettings(settings).build())
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                    wholeRequests(stream.pipeline());
                  }
                }));
  }

  private void wholeRequests(ChannelPipeline pipeline) {
    pipeline
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
        .addLast(new ConnectionHandler(routes));
  }
}
