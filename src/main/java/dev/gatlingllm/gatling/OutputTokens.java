package dev.gatlingllm.gatling;

import dev.gatlingllm.metrics.TurnMeasurement.OutputTokensSource;
import dev.gatlingllm.stream.TokenTimeline;

/** How many tokens a reply has, and who counted. */
record OutputTokens(int tokens, OutputTokensSource source) {

  /** The server's count, or the number of chunks where it gave none. */
  static OutputTokens reported(TokenTimeline timeline) {
    return timeline.outputTokens() >= 0
        ? new OutputTokens(timeline.outputTokens(), OutputTokensSource.USAGE)
        : new OutputTokens(timeline.chunks(), OutputTokensSource.CHUNKS);
  }

  static OutputTokens counted(int tokens) {
    return new OutputTokens(tokens, OutputTokensSource.TOKENIZER);
  }

  /** Whether a tokenizer could do better: it sees all that the model wrote. */
  boolean wantsTokenizer(TokenTimeline timeline) {
    return source == OutputTokensSource.CHUNKS
        && timeline.chunks() > 0
        && !timeline.hasReasoning()
        && timeline.toolCallArguments().isEmpty();
  }
}
