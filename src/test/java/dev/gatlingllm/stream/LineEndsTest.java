package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.Size;

class LineEndsTest {

  @Property
  void findsTheFirstLineEnd(
      @ForAll @Size(max = 40) @ByteRange(min = 8, max = 14) byte[] few,
      @ForAll @Size(max = 40) byte[] any) {
    for (byte[] bytes : new byte[][] {few, any}) {
      for (int from = 0; from <= bytes.length; from++) {
        int expected = from;
        while (expected < bytes.length && bytes[expected] != '\n' && bytes[expected] != '\r') {
          expected++;
        }

        assertThat(LineEnds.next(bytes, from, bytes.length)).isEqualTo(expected);
      }
    }
  }

  @Property
  void ignoresBytesAfterTheRange(@ForAll @Size(min = 8, max = 40) byte[] bytes) {
    assertThat(LineEnds.next(bytes, 2, 5)).isBetween(2, 5);
  }
}
