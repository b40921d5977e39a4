package dev.gatlingllm.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EntryScannerTest {

  /** The scanner reads 64 KiB at a time: lines end before, at and after the end of such a piece. */
  @Property(tries = 200)
  void findsEachLineWithoutSpaceAtItsEnds(
      @ForAll @Size(min = 1, max = 5)
          List<@IntRange(max = 6) Integer> distances, // from the end of a piece
      @ForAll @IntRange(max = 3) int spaces,
      @ForAll boolean carriageReturns)
      throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int distance : distances) {
      String line = "{" + "x".repeat((1 << 16) - distance - 3 - spaces) + " }";
      expected.add(line);
      text.append(" ".repeat(spaces)).append(line).append(" ".repeat(distance % 3));
      text.append(carriageReturns ? "\r\n\r\n" : "\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    List<String> found = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();

    EntryScanner.scan(
        new ByteArrayInputStream(bytes),
        false,
        line -> {
          found.add(text.substring((int) line.offset(), (int) (line.offset() + line.length())));
          numbers.add(line.number());
        });

    assertThat(found).isEqualTo(expected);
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(carriageReturns ? 2 * i + 1 : i + 1);
    }
  }
}
