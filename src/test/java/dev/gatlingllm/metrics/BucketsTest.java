package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BucketsTest {

  private static Buckets of(Collection<Integer> samples) {
    Map<Integer, Long> counts =
        samples.stream()
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    return new Buckets(
        counts.keySet().stream().mapToDouble(end -> end).toArray(),
        counts.values().stream().mapToLong(count -> count).toArray(),
        samples.size());
  }

  @Property
  void poolsTheSamplesOfAllHistograms(
      @ForAll @Size(max = 5) List<@Size(max = 20) List<@IntRange(max = 15) Integer>> parts) {
    Buckets pooled = Buckets.pooled(parts.stream().map(BucketsTest::of).toList());

    Buckets expected = of(parts.stream().flatMap(List::stream).toList());
    assertThat(pooled.ends()).isEqualTo(expected.ends());
    assertThat(pooled.counts()).isEqualTo(expected.counts());
    assertThat(pooled.total()).isEqualTo(expected.total());
  }
}
