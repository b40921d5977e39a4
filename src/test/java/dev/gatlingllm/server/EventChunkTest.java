package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventChunkTest {

  private final EventChunk chunk = new EventChunk(UnpooledByteBufAllocator.DEFAULT);

  @ParameterizedTest
  @CsvSource({"1,1", "15,f", "16,10", "255,ff", "70000,11170"})
  void framesContentWithHexadecimalSize(int size, String digits) {
    String content = "x".repeat(size);
    chunk.events().writeBytes(content.getBytes(US_ASCII));
    ByteBuf framed = chunk.framed();

    assertThat(framed.toString(US_ASCII)).isEqualTo(digits + "\r\n" + content + "\r\n");
    framed.release();
  }

  @Test
  void returnsContentWithoutFrame() {
    assertThat(chunk.isEmpty()).isTrue();
    chunk.events().writeBytes("data: x\n\n".getBytes(US_ASCII));

    assertThat(chunk.isEmpty()).isFalse();
    assertThat(chunk.content().toString(US_ASCII)).isEqualTo("data: x\n\n");
    chunk.release();
  }
}
