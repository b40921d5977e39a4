package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The samples of a text in Prometheus's format. */
final class Exposition {

  private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) ([a-z]+:[a-z0-9_]+) (\\S.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z]+:[a-z0-9_]+)(\\{(?:\\w+=\"[^\"]*\",?)+})? (\\S+)");

  private final Map<String, Double> samples = new TreeMap<>();

  /** Reads a text, in which each sample must be unique and follow its help and type. */
  Exposition(String text) {
    Set<String> announced = new HashSet<>();
    String family = "";
    for (String line : text.split("\n")) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        family = head.group(2);
        assertThat(announced.add(head.group(1) + family)).as(line).isTrue();
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(sample.group(1)).matches(family + "(_bucket|_sum|_count)?");
      assertThat(announced).contains("HELP" + family, "TYPE" + family);
      String labels = sample.group(2) == null ? "" : sample.group(2);
      double value = Double.parseDouble(sample.group(3));
      assertThat(samples.put(sample.group(1) + labels, value)).as(line).isNull();
    }
  }

  static Exposition of(SimulatedServer server) {
    return new Exposition(new Client(server).send("GET", "/metrics", "").body());
  }

  Set<String> names() {
    Set<String> names = new HashSet<>();
    samples.keySet().forEach(sample -> names.add(sample.replaceFirst("\\{.*", "")));
    return names;
  }

  /** Returns the sum of a metric's samples that have all of some labels, such as {@code a="b"}. */
  double sum(String name, String... labels) {
    assertThat(names()).contains(name);
    double sum = 0;
    for (var sample : samples.entrySet()) {
      if (sample.getKey().replaceFirst("\\{.*", "").equals(name)
          && Set.of(labels).stream().allMatch(sample.getKey()::contains)) {
        sum += sample.getValue();
      }
    }
    return sum;
  }
}
