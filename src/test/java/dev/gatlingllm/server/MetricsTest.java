package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) (vllm:[a-z0-9_]+) (\\S.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("(vllm:[a-z0-9_]+)\\{model_name=\"tiny\"(?:,(\\w+=\"[^\"]+\"))?} (\\S+)");

  @Test
  void reportsMetricsWithVllmNames() {
    try (var server = SimulatedServer.start(s -> s.engine(EngineProfile.FAST).modelName("tiny"))) {
      Client client = new Client(server);
      Map<String, Object> request = Map.of("prompt", text(40, 1).toString(), "max_tokens", 5);
      client.post(COMPLETIONS, request);
      client.post(COMPLETIONS, request);
      var response = client.send("GET", "/metrics", "");
      Map<String, Double> samples = samples(response.body());

      assertThat(response.headers().firstValue("content-type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(samples)
          .containsEntry("vllm:num_requests_running", 0.0)
          .containsEntry("vllm:num_requests_waiting", 0.0)
          .containsEntry("vllm:kv_cache_usage_perc", 0.0)
          .containsEntry("vllm:prefix_cache_queries_total", 80.0)
          .containsEntry("vllm:prefix_cache_hits_total", 32.0)
          .containsEntry("vllm:prompt_tokens_total", 80.0)
          .containsEntry("vllm:generation_tokens_total", 10.0)
          .containsEntry("vllm:num_preemptions_total", 0.0)
          .containsEntry("vllm:request_success_total finished_reason=\"length\"", 2.0)
          .containsEntry("vllm:request_success_total finished_reason=\"abort\"", 0.0)
          .containsEntry("vllm:time_to_first_token_seconds_count", 2.0)
          .containsEntry("vllm:inter_token_latency_seconds_count", 8.0)
          .containsEntry("vllm:request_time_per_output_token_seconds_count", 2.0)
          .containsEntry("vllm:e2e_request_latency_seconds_bucket le=\"+Inf\"", 2.0)
          .containsEntry("vllm:request_queue_time_seconds_count", 2.0)
          .containsEntry("vllm:request_prefill_time_seconds_count", 2.0)
          .containsEntry("vllm:request_decode_time_seconds_count", 2.0);
      // 4 steps of 1 ms each, or more on a slow machine
      assertThat(samples.get("vllm:inter_token_latency_seconds_sum")).isGreaterThan(0.0079);
    }
  }

  /** Returns the samples by name and label; each must be unique and follow its help and type. */
  private static Map<String, Double> samples(String exposition) {
    Map<String, Double> samples = new HashMap<>();
    Set<String> announced = new HashSet<>();
    for (String line : exposition.split("\n")) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        assertThat(announced.add(head.group(1) + head.group(2))).isTrue();
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(line).matches(SAMPLE);
      assertThat(sample.matches()).isTrue();
      String family = sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
      assertThat(announced).contains("HELP" + family, "TYPE" + family);
      String name = sample.group(1) + (sample.group(2) == null ? "" : " " + sample.group(2));
      assertThat(samples.put(name, Double.valueOf(sample.group(3)))).isNull();
    }
    return samples;
  }
}
