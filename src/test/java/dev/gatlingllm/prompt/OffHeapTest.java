package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** Connections need memory outside of the heap, too: without it, a run ends. */
  @Test
  void leavesMostOfALimitedMemoryToConnections() throws Exception {
    Process filled =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:MaxDirectMemorySize=16m",
                "-cp",
                System.getProperty("java.class.path"),
                Filled.class.getName())
            .inheritIO()
            .start();

    assertThat(filled.waitFor()).isZero();
  }

  /** Keeps texts until no more can be outside of the heap, then takes what connections need. */
  static final class Filled {

    private Filled() {}

    public static void main(String[] arguments) {
      List<ByteBuffer> texts = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        texts.add(OffHeap.keep(new byte[1 << 20]));
      }
      ByteBuffer ofConnections = ByteBuffer.allocateDirect(10 << 20);
      boolean some = texts.get(0).isDirect() && ofConnections.isDirect();
      System.exit(some && !texts.get(23).isDirect() ? 0 : 1);
    }
  }
}
