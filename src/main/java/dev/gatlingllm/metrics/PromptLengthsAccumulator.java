package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunSummary.PromptLengths;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How much longer the server found prompts than we did, by request and number of messages: the chat
 * template of one model and API adds the same tokens to each prompt of as many messages.
 */
@Accumulator
final class PromptLengthsAccumulator {

  /** Longer conversations are pooled. */
  private static final int MAX_MESSAGES = 128;

  /** Prompts of further request names are not compared. */
  private static final int MAX_REQUESTS = 16;

  /** By request and number of messages. */
  private TreeMap<String, TreeMap<Integer, Lengths>> lengths = new TreeMap<>();

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

    PromptLengths summary(String request, int messages) {
      return new PromptLengths(
          request,
          messages,
          count,
          (double) expected / count,
          (double) difference / count,
          least,
          most);
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
      one.difference = (long) counted - expected;
      one.least = counted - expected;
      one.most = counted - expected;
      add(response.who().request(), Math.min(response.turn().messages(), MAX_MESSAGES), one);
    }
  }

  private void add(String request, int messages, Lengths added) {
    if (lengths.size() < MAX_REQUESTS || lengths.containsKey(request)) {
      lengths
          .computeIfAbsent(request, unseen -> new TreeMap<>())
          .computeIfAbsent(messages, unseen -> new Lengths())
          .add(added);
    }
  }

  void add(PromptLengthsAccumulator other) {
    other.lengths.forEach(
        (request, byMessages) ->
            byMessages.forEach((messages, added) -> add(request, messages, added)));
  }

  List<PromptLengths> summary() {
    List<PromptLengths> summaries = new ArrayList<>();
    lengths.forEach(
        (request, byMessages) ->
            byMessages.forEach((messages, sums) -> summaries.add(sums.summary(request, messages))));
    return List.copyOf(summaries);
  }
}
