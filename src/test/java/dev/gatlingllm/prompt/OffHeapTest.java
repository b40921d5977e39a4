package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OffHeapTest {

  private static final byte[] LARGE = new byte[OffHeap.LARGE_BYTES];

  static {
    Arrays.fill(LARGE, (byte) 'a');
  }

  @Test
  void keepsLargeTextsOutsideOfTheHeapAndSmallOnesOnIt() {
    ByteBuffer large = OffHeap.keep(LARGE);

    assertThat(large.isDirect()).isTrue();
    assertThat(large).isEqualTo(ByteBuffer.wrap(LARGE));
    assertThat(OffHeap.keep(new byte[OffHeap.LARGE_BYTES - 1]).isDirect()).isFalse();
  }

  @Test
  void keepsOnTheHeapWhatExceedsTheLimit() {
    OffHeap texts = new OffHeap(2L * LARGE.length + 1);
    ByteBuffer first = texts.kept(LARGE);
    ByteBuffer second = texts.kept(LARGE);
    ByteBuffer third = texts.kept(LARGE);

    assertThat(first.isDirect()).isTrue();
    assertThat(second.isDirect()).isTrue();
    assertThat(third.isDirect()).isFalse();
    assertThat(third).isEqualTo(first);
  }
}
