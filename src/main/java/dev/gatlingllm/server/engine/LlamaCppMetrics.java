package dev.gatlingllm.server.engine;

/**
 * llama.cpp's metrics: no labels and no histograms. Reading them resets the two gauges of tokens
 * per second.
 */
final class LlamaCppMetrics extends EngineMetrics {

  private long promptTokens;
  private double promptSeconds;
  private long predictedTokens;
  private double predictedSeconds;
  private long steps;
  private long stepSequences;
  private long readPromptTokens;
  private double readPromptSeconds;
  private long readPredictedTokens;
  private double readPredictedSeconds;

  @Override
  void stepped(int tokens, int sequences) {
    steps++;
    stepSequences += sequences;
  }

  @Override
  void began(Generation generation) {}

  @Override
  void prefilled(Generation generation) {
    promptTokens += generation.promptTokens - generation.cachedTokens;
    promptSeconds += generation.prefillSeconds();
  }

  @Override
  void decoded(double seconds) {}

  @Override
  void finished(Generation generation) {
    predictedTokens += generation.generated;
    predictedSeconds += generation.decodeSeconds();
  }

  @Override
  void aborted() {}

  @Override
  void write(PrometheusText text, Scheduler<?> scheduler) {
    text.counter("llamacpp:prompt_tokens_total", "Processed prompt tokens.", promptTokens);
    text.counter("llamacpp:prompt_seconds_total", "Prompt processing time.", promptSeconds);
    text.counter("llamacpp:tokens_predicted_total", "Generated tokens.", predictedTokens);
    text.counter(
        "llamacpp:tokens_predicted_seconds_total", "Time of generation.", predictedSeconds);
    text.counter("llamacpp:n_decode_total", "Calls of llama_decode().", steps);
    text.gauge(
        "llamacpp:n_busy_slots_per_decode",
        "Busy slots per call of llama_decode().",
        ratio(stepSequences, steps));
    text.gauge(
        "llamacpp:prompt_tokens_seconds",
        "Prompt tokens per second.",
        ratio(promptTokens - readPromptTokens, promptSeconds - readPromptSeconds));
    text.gauge(
        "llamacpp:predicted_tokens_seconds",
        "Generated tokens per second.",
        ratio(predictedTokens - readPredictedTokens, predictedSeconds - readPredictedSeconds));
    text.gauge("llamacpp:requests_processing", "Running requests.", scheduler.running());
    text.gauge("llamacpp:requests_deferred", "Waiting requests.", scheduler.waiting());
    readPromptTokens = promptTokens;
    readPromptSeconds = promptSeconds;
    readPredictedTokens = predictedTokens;
    readPredictedSeconds = predictedSeconds;
  }

  private static double ratio(double count, double of) {
    return of == 0 ? 0 : count / of;
  }
}
