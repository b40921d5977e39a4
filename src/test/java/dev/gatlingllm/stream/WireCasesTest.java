package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams as real servers and gateways send them. Framing and compression: {@code WireCasesIT}. */
class WireCasesTest {

  static Stream<WireCase> chat() {
    return WireCase.all().stream().filter(WireCase::isPlain).filter(WireCasesTest::isOneResponse);
  }

  static Stream<WireCase> completions() {
    return chat().filter(WireCase::isAlsoACompletion).map(WireCase::asCompletion);
  }

  private static boolean isOneResponse(WireCase wire) {
    return wire.status() / 100 != 3;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chat")
  void readsAChatResponse(WireCase wire) {
    expect(wire, read(wire));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("completions")
  void readsATextCompletion(WireCase wire) {
    expect(wire, read(wire));
  }

  private static TokenTimeline read(WireCase wire) {
    TokenTimeline timeline = new TokenTimeline();
    ResponseReader reader = new ResponseReader(timeline, Integer.MAX_VALUE);
    timeline.written(0);
    reader.onHead(wire.status(), wire.text("contentType"));
    long nanos = 0;
    List<byte[]> writes = wire.writes();
    for (int i = 0; i < writes.size(); i++) {
      nanos += 1_000_000 + (long) (wire.secondsBefore(i) * 1e9);
      reader.onBytes(Unpooled.wrappedBuffer(writes.get(i)), nanos);
    }
    if ("chunked-open".equals(wire.text("framing"))) {
      reader.onTransportFailure("Premature close", null, nanos);
    } else {
      reader.onEnd(nanos);
    }
    return timeline;
  }

  private static void expect(WireCase wire, TokenTimeline found) {
    Failure failure = found.failure();
    JsonNode ok = wire.expected("ok");
    if (ok != null) {
      assertThat(failure == null).as("good, else %s", failure).isEqualTo(ok.asBoolean());
    }
    if (wire.expected("kind") != null) {
      assertThat(failure.kind()).matches(wire.expected("kind").asText());
    }
    if (wire.expected("says") != null) {
      assertThat(failure.describe()).containsPattern(wire.expected("says").asText());
    }
    if (wire.expected("reply") != null) {
      assertThat(found.text()).isEqualTo(wire.expected("reply").asText());
    }
    expect(wire, "chunks", found.chunks());
    expect(wire, "input", found.inputTokens());
    expect(wire, "cached", found.cachedTokens());
    if (wire.expected("soft") == null) {
      expect(wire, "output", found.outputTokens());
    }
    if (wire.expected("output_not") != null) {
      assertThat(found.outputTokens()).isNotEqualTo(wire.expected("output_not").asInt());
    }
    if (wire.expected("finish") != null) {
      assertThat(found.finishReason()).isEqualTo(wire.expected("finish").asText());
    }
    if (wire.expected("max_ttft") != null) {
      assertThat(found.chunkNanosCopy()[0])
          .isLessThan(wire.expected("max_ttft").asLong() * 1_000_000);
    }
  }

  private static void expect(WireCase wire, String field, int found) {
    if (wire.expected(field) != null) {
      assertThat(found).as(field).isEqualTo(wire.expected(field).asInt());
    }
  }
}
