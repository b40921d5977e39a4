package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.COMPLETIONS;
import static dev.gatlingllm.server.Texts.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Distribution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The length of responses and their finish reasons. */
class ResponseLengthTest {

  @AutoClose
  private final SimulatedServer endless =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT));

  @AutoClose
  private final SimulatedServer ten =
      SimulatedServer.start(
          s -> s.engine(EngineProfile.INSTANT).replyTokens(Distribution.constant(10)));

  private static JsonNode ask(SimulatedServer server, Object... fields) {
    Map<String, Object> request = new LinkedHashMap<>(Map.of("prompt", "hello"));
    for (int i = 0; i < fields.length; i += 2) {
      request.put((String) fields[i], fields[i + 1]);
    }
    return new Client(server).post(COMPLETIONS, request);
  }

  private static String end(JsonNode response) {
    return response.at("/usage/completion_tokens").asInt()
        + " "
        + response.at("/choices/0/finish_reason").asText();
  }

  @Test
  void stopsAtDrawnLengthOrLimit() {
    assertThat(end(ask(ten))).isEqualTo("10 stop");
    assertThat(end(ask(ten, "max_tokens", 10))).isEqualTo("10 stop");
    assertThat(end(ask(ten, "max_tokens", 9))).isEqualTo("9 length");
  }

  @Test
  void continuesUntilMinimumLength() {
    assertThat(end(ask(ten, "max_tokens", 30, "min_tokens", 20))).isEqualTo("20 stop");
    assertThat(end(ask(ten, "max_tokens", 30, "ignore_eos", true))).isEqualTo("30 length");
  }

  @Test
  void chatWithDrawnLengthCanFillContextWindow() {
    var chat = Map.of("messages", List.of(Client.message("user", "hello")));
    try (var server =
        SimulatedServer.start(
            s ->
                s.engine(EngineProfile.INSTANT)
                    .maxModelTokens(200)
                    .replyTokens(Distribution.constant(1000)))) {
      assertThat(end(new Client(ten).post(Client.CHAT, chat))).isEqualTo("10 stop");
      assertThat(end(new Client(server).post(Client.CHAT, chat))).isEqualTo("199 length");
    }
  }

  @Test
  void chatWithoutLimitStopsByItself() {
    var chat = Map.of("messages", List.of(Client.message("user", "hello")));

    assertThat(end(new Client(endless).post(Client.CHAT, chat))).isEqualTo("64 stop");
    assertThat(end(ask(endless))).as("the API's limit").isEqualTo("16 length");
  }

  @Test
  void drawnLengthsDependOnPromptAndSeed() {
    try (var server =
        SimulatedServer.start(
            s -> s.engine(EngineProfile.INSTANT).replyTokens(Distribution.uniform(5, 300)))) {
      List<String> ends =
          IntStream.range(0, 20)
              .mapToObj(seed -> end(ask(server, "seed", seed, "max_tokens", 400)))
              .toList();

      assertThat(ends).allMatch(end -> end.endsWith(" stop"));
      assertThat(ends.stream().distinct()).hasSizeGreaterThan(12);
      assertThat(end(ask(server, "seed", 7, "max_tokens", 400))).isEqualTo(ends.get(7));
    }
  }

  @Test
  void requestSeedChangesWords() {
    assertThat(text(ask(endless, "seed", 1)))
        .isEqualTo(text(ask(endless, "seed", 1)))
        .isNotEqualTo(text(ask(endless, "seed", 2)));
  }

  @Test
  void stopStringEndsResponseAndItsTokensCount() {
    String words = text(ask(endless, "max_tokens", 60));
    String stop = words.split(" ")[20].substring(0, 2);
    int begin = words.indexOf(stop, 1);
    JsonNode response = ask(endless, "max_tokens", 60, "stop", List.of("never said", stop));
    String said = text(response);

    assertThat(words).startsWith(said);
    assertThat(said).doesNotContain(stop);
    assertThat(response.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(response.at("/choices/0/stop_reason").asText()).isEqualTo(stop);
    assertThat(said.length()).isLessThanOrEqualTo(begin);
    assertThat(response.at("/usage/completion_tokens").asInt())
        .isEqualTo(TOKENIZER.count(said + stop));
  }

  @Test
  void stopStringCanBeIncludedAndDeferred() {
    String words = text(ask(endless, "max_tokens", 60));
    String stop = words.split(" ")[3];
    String shown =
        text(ask(endless, "max_tokens", 60, "stop", stop, "include_stop_str_in_output", true));
    JsonNode later = ask(endless, "max_tokens", 60, "stop", stop, "min_tokens", 30);

    assertThat(shown).endsWith(stop).isEqualTo(words.substring(0, shown.length()));
    assertThat(later.at("/usage/completion_tokens").asInt()).isGreaterThanOrEqualTo(30);
  }

  @Test
  void stopStringEndsStreamAtTheSamePosition() {
    String words = text(ask(endless, "max_tokens", 60));
    String stop = words.substring(50, 53);
    var request = Map.of("prompt", "hello", "max_tokens", 60, "stop", stop, "stream", true);
    List<String> events = new Client(endless).stream(COMPLETIONS, request);

    assertThat(String.join("", Client.texts(events)))
        .isEqualTo(text(ask(endless, "max_tokens", 60, "stop", stop)));
    assertThat(Client.json(events.get(events.size() - 2)).at("/choices/0").toString())
        .endsWith("\"finish_reason\":\"stop\",\"stop_reason\":\"" + stop + "\"}");
  }

  private static String text(JsonNode response) {
    return response.at("/choices/0/text").asText();
  }
}
