package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gatlingllm.metrics.Oddity;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.Response.OutputTokensSource;
import dev.gatlingllm.metrics.ResponseBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsFileTest {

  @TempDir Path folder;

  private static Response good() {
    long written = 5_000_000_000L;
    return ResponseBuilder.to("support chat", "answer", 7)
        .conversation("u7-c1", 3)
        .model("support-lora")
        .api("chat")
        .turn(new Response.Turn(2, 2, 901, 700, 55, 4, 256, true, true))
        .times(1_767_322_445_006L, written, written + 1_500_000_499L)
        .chunks(written + 123_456_789L, written + 200_000_000L, written + 400_000_500L)
        .ttfo(200_000_000L)
        .scheduleDelay(12_345L)
        .connect(10_500L)
        .promptTokens(900, 640)
        .output(3, OutputTokensSource.USAGE)
        .finish("stop", written + 410_000_000L)
        .responseId("chatcmpl-1")
        .oddities(Oddity.ZERO_USAGE, Oddity.NO_TEXT)
        .build();
  }

  private static Response failed() {
    return ResponseBuilder.to("support chat", "an \"answer\"\n", 8)
        .times(1_767_322_445_106L, -40, 2_000_000 - 40)
        .failure("http 429 rate_limit_error", "slow down")
        .build();
  }

  @Test
  void writesEveryFieldOfASuccessfulResponse() throws IOException {
    try (RequestsFile file = new RequestsFile(folder, true)) {
      file.accept(good(), "2");
    }

    assertThat(lines())
        .isEqualTo(
            """
            {"startMillis":1767322445006,"scenario":"support chat","request":"answer","user":7,\
            "conversation":"u7-c1","group":3,"model":"support-lora","api":"chat","turn":2,"attempt":2,"iteration":2,"status":"OK","failure":null,\
            "inputTokens":900,"inputTokensExpected":901,"reusableTokens":700,"droppedTokens":55,"messages":4,"maxTokens":256,"cachedTokens":640,\
            "outputTokens":3,"outputTokensSource":"usage","reasoningTokens":null,\
            "hiddenTokens":0,"chunks":3,"ttftMillis":123.457,\
            "ttfoMillis":200.000,"tpotMillis":138.272,"finishMillis":410.000,"e2eMillis":1500.000,\
            "scheduleDelayMillis":0.012,"connectionOpened":true,"connectMillis":0.011,"resent":false,"finishReason":"stop","responseId":"chatcmpl-1",\
            "lastTurn":true,"afterTools":true,"oddities":["noText","zeroUsage"],\
            "chunkMillis":[123.457,200.000,400.001]}
            """);
  }

  @Test
  void writesTheChoicesOfChunksIfThereAreSeveral() throws IOException {
    Response response =
        ResponseBuilder.to("chat", "answer", 1)
            .times(0, 0, 9_000_000)
            .chunks(1_000_000, 2_000_000, 3_000_000)
            .choices(0, 2, 0)
            .build();
    try (RequestsFile file = new RequestsFile(folder, true)) {
      file.accept(response, "1");
    }

    assertThat(lines())
        .endsWith("\"choices\":2,\"chunkMillis\":[1.000,2.000,3.000],\"chunkChoices\":[0,2,0]}\n");
  }

  @Test
  void writesNullForWhatAFailedResponseLacks() throws IOException {
    try (RequestsFile file = new RequestsFile(folder, false)) {
      file.accept(failed(), "warmup");
    }

    assertThat(lines())
        .isEqualTo(
            """
            {"startMillis":1767322445106,"scenario":"support chat","request":"an \\"answer\\"\\n",\
            "user":8,"conversation":null,"group":null,"model":null,"api":null,"turn":null,"attempt":1,"iteration":"warmup",\
            "status":"KO","failure":"http 429 rate_limit_error","inputTokens":null,\
            "inputTokensExpected":null,"reusableTokens":null,"droppedTokens":null,"messages":null,"maxTokens":null,"cachedTokens":null,\
            "outputTokens":null,"outputTokensSource":null,"reasoningTokens":null,\
            "hiddenTokens":0,"chunks":0,"ttftMillis":null,\
            "ttfoMillis":null,"tpotMillis":null,"finishMillis":null,"e2eMillis":2.000,"scheduleDelayMillis":null,\
            "connectionOpened":false,"connectMillis":null,"resent":false,"finishReason":null,"responseId":null}
            """);
  }

  @Test
  void hasEveryFlushedLineBeforeItIsClosed() throws IOException {
    try (RequestsFile file = new RequestsFile(folder, false)) {
      file.accept(good(), "1");
      file.flush();

      assertThat(lines().lines()).hasSize(1);
    }
  }

  @Test
  void triesEachLineOnAFullDisk() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Files.createSymbolicLink(folder.resolve(RequestsFile.FILE_NAME), full);
    RequestsFile file = new RequestsFile(folder, true);

    List<IOException> failures = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      try {
        file.accept(good(), "1");
      } catch (IOException failure) {
        failures.add(failure);
      }
    }

    assertThat(failures)
        .as("the disk's, not of a line that cannot begin inside another")
        .isNotEmpty()
        .doesNotHaveAnyElementsOfTypes(JsonProcessingException.class);
  }

  private String lines() throws IOException {
    return Files.readString(folder.resolve(RequestsFile.FILE_NAME));
  }
}
