package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.PromptLengths;
import java.util.List;
import java.util.TreeMap;

/**
 * How much longer the server found prompts than we did, by their number of messages: a chat
 * template adds the same tokens to each prompt of as many messages.
 */
@Accumulator
final class PromptLengthsAccumulator {

  /** Longer conversations are pooled. */
  private static final int MAX_MESSAGES = 128;

  private TreeMap<Integer, Lengths> byMessages = new TreeMap<>();

  @Accumulator
  private static final class Lengths {
    private long count;
    private long expected;
    private long difference;
    private int least = Integer.MAX_VALUE;
    private int most = Integer.MIN_VALUE;

    void add(Lengths other) {
      count += other.count;
      expected += other.expected;
      difference += other.difference;
      least = Math.min(least, other.least);
      most = Math.max(most, other.most);
    }

    PromptLengths summary(int messages) {
      return new PromptLengths(
          messages, count, (double) expected / count, (double) difference / count, least, most);
    }
  }

  /** Adds a response that ended in the window. */
  void add(Response response) {
    int expected = response.turn().expectedInputTokens();
    int counted = response.usage().inputTokens();
    if (response.ok() && expected >= 0 && counted >= 0 && response.turn().messages() >= 1) {
      Lengths one = new Lengths();
      one.count = 1;
      one.expected = expected;
      one.difference = counted - expected;
      one.least = counted - expected;
      one.most = counted - expected;
      lengths(Math.min(response.turn().messages(), MAX_MESSAGES)).add(one);
    }
  }

  private Lengths lengths(int messages) {
    return byMessages.computeIfAbsent(messages, unseen -> new Lengths());
  }

  void add(PromptLengthsAccumulator other) {
    other.byMessages.forEach((messages, lengths) -> lengths(messages).add(lengths));
  }

  List<PromptLengths> summary() {
    return byMessages.entrySet().stream()
        .map(entry -> entry.getValue().summary(entry.getKey()))
        .toList();
  }
}
