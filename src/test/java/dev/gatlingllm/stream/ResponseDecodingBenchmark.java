package dev.gatlingllm.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatling.http.action.sse.fsm.ServerSentEvent;
import io.gatling.http.action.sse.fsm.SseStreamDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import scala.collection.Iterator;

/**
 * What one event of a response costs from its bytes to the timeline, beside copying the bytes,
 * beside Gatling's own decoder of server-sent events, which leaves the JSON unread, and beside that
 * one with Jackson's trees after it. Figures are per event of a response of 256 tokens, all that a
 * response costs once included:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec@jmh -Djmh.args="ResponseDecoding -prof gc -f 1 -wi 5 -i 5 -w 1 -r 1"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseDecodingBenchmark {

  private static final int TOKENS = 256;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String[] WORDS = {
    " the", " token", ".", "\\n\\n", " prefill", " of", ",", " a", " \\\"cache\\\"", " decoding"
  };

  /** How many events arrive in one buffer. */
  @Param({"1", "16"})
  private int together;

  /** What the tokens are: of a chat, or of a model that thinks. */
  @Param({"content", "reasoning_content"})
  private String field;

  private final List<ByteBuf> pieces = new ArrayList<>();
  private final byte[] copy = new byte[64 * 1024];

  /** Writes a response as vLLM does. */
  @Setup
  public void write() {
    StringBuilder piece = new StringBuilder();
    for (int i = 0; i < TOKENS; i++) {
      piece
          .append("data: {\"id\":\"chatcmpl-8f2b1c3d4e5f60718293a4b5c6d7e8f9\",")
          .append("\"object\":\"chat.completion.chunk\",\"created\":1760000000,")
          .append("\"model\":\"Qwen/Qwen3-8B\",\"choices\":[{\"index\":0,\"delta\":{\"")
          .append(field)
          .append("\":\"")
          .append(WORDS[i * 7 % WORDS.length])
          .append("\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
      if ((i + 1) % together == 0) {
        pieces.add(Unpooled.directBuffer().writeBytes(piece.toString().getBytes(UTF_8)));
        piece.setLength(0);
      }
    }
  }

  /** Gives the buffers back. */
  @TearDown
  public void release() {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
  }

  /** What we do. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public TokenTimeline timeline() {
    TokenTimeline timeline = new TokenTimeline();
    ResponseReader reader = new ResponseReader(timeline, Integer.MAX_VALUE);
    timeline.written(0);
    reader.onHead(200, Served.EVENTS);
    for (ByteBuf piece : pieces) {
      reader.onBytes(piece, 1);
    }
    reader.onEnd(2);
    return timeline;
  }

  /** As little as it can cost. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public byte[] copy() {
    for (ByteBuf piece : pieces) {
      piece.getBytes(piece.readerIndex(), copy, 0, piece.readableBytes());
    }
    return copy;
  }

  /** Decodes Gatling's events without reading their data. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public void gatlingEvents(Blackhole hole) {
    SseStreamDecoder decoder = new SseStreamDecoder();
    for (ByteBuf piece : pieces) {
      hole.consume(decoder.decodeStream(piece.duplicate()));
    }
  }

  /** Gatling's events, and a tree of each, from which the token is taken. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public String gatlingEventsAndTrees() throws IOException {
    SseStreamDecoder decoder = new SseStreamDecoder();
    StringBuilder text = new StringBuilder();
    for (ByteBuf piece : pieces) {
      Iterator<ServerSentEvent> events = decoder.decodeStream(piece.duplicate()).iterator();
      while (events.hasNext()) {
        JsonNode chunk = JSON.readTree(events.next().data().get());
        text.append(chunk.path("choices").path(0).path("delta").path(field).asText());
      }
    }
    return text.toString();
  }
}
