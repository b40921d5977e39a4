package dev.gatlingllm.server;

import static dev.gatlingllm.server.Client.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.prompt.Png;
import dev.gatlingllm.prompt.SyntheticImages;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImagePartsTest {

  private final SimulatedServer server =
      SimulatedServer.start(s -> s.engine(EngineProfile.INSTANT).imageTokens(100));
  private final Client client = new Client(server);

  @AfterEach
  void stop() {
    server.close();
  }

  private static String base64(long number) {
    byte[] png = Png.of(new SyntheticImages(new SyntheticImages.Size(16, 16), 1).image(number));
    return Base64.getEncoder().encodeToString(png);
  }

  private static Map<String, Object> chat(String... urls) {
    return Map.of(
        "messages",
        List.of(
            Map.of(
                "role",
                "user",
                "content",
                List.of(
                    Map.of("type", "image_url", "image_url", Map.of("url", urls[0])),
                    Map.of("type", "text", "text", " tell"),
                    Map.of("type", "image_url", "image_url", Map.of("url", urls[1])),
                    Map.of("type", "text", "text", " me")))),
        "max_tokens",
        1);
  }

  @Test
  void anImageTakesItsTokensAndIsCachedByItsContent() {
    String first = "data:image/png;base64," + base64(1);
    String second = "data:image/png;base64," + base64(2);

    assertThat(usage(client.post(CHAT, chat(first, second)))).isEqualTo("202 prompt, 0 cached");
    assertThat(usage(client.post(CHAT, chat(first, "https://example.org/a.png"))))
        .isEqualTo("202 prompt, 96 cached");
    assertThat(usage(client.post(CHAT, chat(second, first)))).isEqualTo("202 prompt, 0 cached");
  }

  private static String usage(JsonNode response) {
    return response.at("/usage/prompt_tokens")
        + " prompt, "
        + response.at("/usage/prompt_tokens_details/cached_tokens")
        + " cached";
  }

  @Test
  void readsImagesOfTheMessagesApi() {
    Map<String, Object> source =
        Map.of("type", "base64", "media_type", "image/png", "data", base64(1));
    JsonNode response =
        client.post(
            "/v1/messages",
            Map.of(
                "max_tokens",
                1,
                "messages",
                List.of(
                    Map.of(
                        "role",
                        "user",
                        "content",
                        List.of(
                            Map.of("type", "image", "source", source),
                            Map.of("type", "text", "text", " tell"))))));

    assertThat(response.at("/usage/input_tokens").asInt()).isEqualTo(101);
  }

  @Test
  void readsImagesOfTheResponsesApi() {
    JsonNode response =
        client.post(
            "/v1/responses",
            Map.of(
                "max_output_tokens",
                16,
                "input",
                List.of(
                    Map.of(
                        "role",
                        "user",
                        "content",
                        List.of(
                            Map.of(
                                "type",
                                "input_image",
                                "image_url",
                                "data:image/png;base64," + base64(1)),
                            Map.of("type", "input_text", "text", " tell"))))));

    assertThat(response.at("/usage/input_tokens").asInt()).isEqualTo(101);
  }

  @Test
  void refusesWhatIsNoImage() {
    String good = "https://example.org/a.png";

    assertThat(
            client
                .post(CHAT, chat("data:image/png;base64,%%%", good))
                .at("/error/message")
                .asText())
        .contains("cannot be decoded");
    assertThat(client.post(CHAT, chat("a.png", good)).at("/error/message").asText())
        .contains("must have an image in Base64 or the URL of one");
  }
}
