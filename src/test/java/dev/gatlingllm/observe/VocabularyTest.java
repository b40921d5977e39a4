package dev.gatlingllm.observe;

import static dev.gatlingllm.metrics.ServerSignal.*;
import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.metrics.ServerSignal;
import dev.gatlingllm.observe.MetricsText.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads a page of metrics of each server, as its documentation describes it. */
class VocabularyTest {

  private static final Path PAGES = Path.of("src/test/resources/cases/server-metrics");

  static Stream<Arguments> pages() {
    return Stream.of(
        Arguments.of(
            "vllm.txt",
            "vLLM",
            Map.ofEntries(
                entry(RUNNING, 7.0),
                entry(WAITING, 2.0),
                entry(KV_CACHE, 0.75),
                entry(CACHE_QUERIES, 1_000.0),
                entry(CACHE_HITS, 600.0),
                entry(PREEMPTIONS, 5.0),
                entry(PROMPT_TOKENS, 1e6),
                entry(OUTPUT_TOKENS, 2_500.0),
                entry(TTFT_SECONDS, 2.5),
                entry(TTFT_COUNT, 10.0),
                entry(QUEUE_SECONDS, 1.5),
                entry(QUEUE_COUNT, 10.0),
                entry(PREFILL_SECONDS, 0.75),
                entry(PREFILL_COUNT, 10.0),
                entry(DECODE_SECONDS, 20.0),
                entry(DECODE_COUNT, 10.0),
                entry(DRAFTS, 100.0),
                entry(DRAFT_TOKENS, 300.0),
                entry(ACCEPTED_TOKENS, 180.0))),
        Arguments.of(
            "vllm-old.txt", "vLLM", Map.of(KV_CACHE, 0.5, CACHE_QUERIES, 400.0, CACHE_HITS, 100.0)),
        Arguments.of("openmetrics.txt", "vLLM", Map.of(OUTPUT_TOKENS, 12.0, RUNNING, 1.0)),
        Arguments.of(
            "sglang.txt",
            "SGLang",
            Map.ofEntries(
                entry(RUNNING, 6.0),
                entry(WAITING, 1.0),
                entry(KV_CACHE, 0.31),
                entry(CACHE_QUERIES, 1_000.0),
                entry(CACHE_HITS, 400.0),
                entry(PREEMPTIONS, 2.0),
                entry(PROMPT_TOKENS, 1_000.0),
                entry(OUTPUT_TOKENS, 250.0),
                entry(TTFT_SECONDS, 3.0),
                entry(TTFT_COUNT, 12.0),
                entry(QUEUE_SECONDS, 1.0),
                entry(QUEUE_COUNT, 12.0),
                entry(PREFILL_SECONDS, 1.8),
                entry(PREFILL_COUNT, 12.0))),
        Arguments.of(
            "tgi.txt",
            "TGI",
            Map.of(
                RUNNING, 16.0,
                WAITING, 4.0,
                PROMPT_TOKENS, 4_000.0,
                OUTPUT_TOKENS, 640.0,
                QUEUE_SECONDS, 2.5,
                QUEUE_COUNT, 20.0)),
        Arguments.of(
            "llamacpp.txt",
            "llama.cpp",
            Map.of(
                RUNNING, 2.0,
                WAITING, 1.0,
                KV_CACHE, 0.125,
                OUTPUT_TOKENS, 128.0,
                PREFILL_SECONDS, 1.25,
                DECODE_SECONDS, 4.5)),
        Arguments.of(
            "tensorrt-llm.txt",
            "TensorRT-LLM",
            Map.of(
                KV_CACHE, 0.4,
                OUTPUT_TOKENS, 77.0,
                TTFT_SECONDS, 0.8,
                TTFT_COUNT, 8.0,
                QUEUE_SECONDS, 0.2,
                QUEUE_COUNT, 8.0)),
        Arguments.of(
            "triton.txt",
            "Triton",
            Map.of(
                RUNNING, 9.0,
                WAITING, 3.0,
                KV_CACHE, 0.8,
                POWER, 600.0,
                ENERGY, 8000.0)),
        Arguments.of(
            "lmdeploy.txt",
            "LMDeploy",
            Map.of(
                RUNNING, 2.0,
                KV_CACHE, 0.2,
                OUTPUT_TOKENS, 42.0,
                QUEUE_SECONDS, 0.5,
                QUEUE_COUNT, 5.0)),
        Arguments.of(
            "dynamo.txt",
            "Dynamo",
            Map.of(
                RUNNING, 7.0,
                OUTPUT_TOKENS, 1_234.0,
                PROMPT_TOKENS, 5_678.0,
                TTFT_SECONDS, 4.0,
                TTFT_COUNT, 20.0)),
        Arguments.of(
            "llm-d.txt",
            "llm-d",
            Map.of(
                RUNNING, 11.0,
                KV_CACHE, 0.45,
                CACHE_QUERIES, 5_120.0,
                CACHE_HITS, 4_096.0,
                PROMPT_TOKENS, 5_120.0,
                OUTPUT_TOKENS, 640.0,
                TTFT_SECONDS, 1.5,
                TTFT_COUNT, 10.0)),
        Arguments.of("dcgm.txt", "DCGM", Map.of(POWER, 800.0, ENERGY, 12.0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void readsTheMetricsOf(String page, String program, Map<ServerSignal, Double> expected)
      throws IOException {
    List<Sample> samples = new ArrayList<>();

    assertThat(new MetricsText().read(Files.readString(PAGES.resolve(page)), samples::add))
        .isTrue();

    Map<ServerSignal, Map<String, Double>> signals =
        Vocabulary.signals(samples.stream().collect(groupingBy(Sample::name)));
    assertThat(signals.keySet()).isEqualTo(expected.keySet());
    signals.forEach(
        (signal, told) -> {
          assertThat(told).as(signal.key()).containsOnlyKeys(program);
          assertThat(told.get(program))
              .as(signal.key())
              .isCloseTo(expected.get(signal), within(1e-9));
        });
  }
}
