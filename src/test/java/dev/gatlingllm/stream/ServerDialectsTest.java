package dev.gatlingllm.stream;

import static dev.gatlingllm.stream.ChatChunks.content;
import static dev.gatlingllm.stream.ChatChunks.delta;
import static dev.gatlingllm.stream.ChatChunks.finish;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers add to OpenAI's API, leave out of it or do otherwise. */
class ServerDialectsTest {

  // usage

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'usage':{'prompt_tokens':9,'completion_tokens':2,'cached_tokens':8}} | 9 | 8 | 2 | -1",
        "{'usage':{'prompt_tokens':9,'completion_tokens':2,'prompt_cache_hit_tokens':8}}"
            + " | 9 | 8 | 2 | -1",
        "{'usage':{'prompt_tokens':9,'completion_tokens':2,"
            + "'completion_tokens_details':{'reasoning_tokens':1}}} | 9 | -1 | 2 | 1",
        "{'usage':{'input_tokens':9,'output_tokens':2,'input_tokens_details':{'cached_tokens':8},"
            + "'output_tokens_details':{'reasoning_tokens':1}}} | 9 | 8 | 2 | 1",
        // xAI counts reasoning apart, as the total shows; others have it in the output
        "{'usage':{'prompt_tokens':9,'completion_tokens':2,'total_tokens':28,"
            + "'completion_tokens_details':{'reasoning_tokens':17}}} | 9 | -1 | 19 | 17",
        "{'usage':{'prompt_tokens':9,'completion_tokens':19,'total_tokens':28,"
            + "'completion_tokens_details':{'reasoning_tokens':17}}} | 9 | -1 | 19 | 17",
        "{'usage':{'prompt_tokens':9,'completion_tokens':2,'total_tokens':29,"
            + "'completion_tokens_details':{'reasoning_tokens':17}}} | 9 | -1 | 2 | 17",
        // rejected tokens of a predicted output are billed, but not sent
        "{'usage':{'prompt_tokens':9,'completion_tokens':7,'total_tokens':16,"
            + "'completion_tokens_details':{'reasoning_tokens':0,'accepted_prediction_tokens':1,"
            + "'rejected_prediction_tokens':5}}} | 9 | -1 | 2 | 0",
        "{'choices':[{'index':0,'delta':{},'usage':{'prompt_tokens':9,'completion_tokens':2}}]}"
            + " | 9 | -1 | 2 | -1",
        "{'x_groq':{'usage':{'prompt_tokens':9,'completion_tokens':2}}} | 9 | -1 | 2 | -1",
        // llama.cpp, with and without the count of the cache
        "{'timings':{'prompt_n':1,'cache_n':8,'predicted_n':2}} | 9 | 8 | 2 | -1",
        "{'usage':{'prompt_tokens':9,'completion_tokens':2},'timings':{'prompt_n':1}}"
            + " | 9 | 8 | 2 | -1",
        "{'timings':{'prompt_n':1}} | -1 | -1 | -1 | -1",
      })
  void findsUsageWhereverItIs(String json, int input, int cached, int output, int reasoning) {
    TokenTimeline timeline =
        Served.events(content("a"), finish("stop"), json.replace('\'', '"'), "[DONE]").end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.inputTokens()).isEqualTo(input);
    assertThat(timeline.cachedTokens()).isEqualTo(cached);
    assertThat(timeline.outputTokens()).isEqualTo(output);
    assertThat(timeline.reasoningTokens()).isEqualTo(reasoning);
  }

  @Test
  void doesNotBelieveMoreCachedTokensThanThePromptHas() {
    TokenTimeline timeline =
        Served.events(
                content("a"),
                "{\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":2,\"cached_tokens\":80}}",
                "[DONE]")
            .end();

    assertThat(timeline.inputTokens()).isEqualTo(20);
    assertThat(timeline.cachedTokens()).isEqualTo(-1);
    assertThat(timeline.hasInvalidUsage()).isTrue();
  }

  @Test
  void readsUsageAfterTheDoneMarkAndNothingElse() {
    TokenTimeline timeline =
        Served.events(
                content("a"),
                "[DONE]",
                content("b"),
                "{\"error\":{\"message\":\"late\"}}",
                "{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}")
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("a");
    assertThat(timeline.chunks()).isEqualTo(1);
    assertThat(timeline.outputTokens()).isEqualTo(2);
  }

  @Test
  void keepsTheLargestOfSeveralCounts() {
    TokenTimeline timeline =
        Served.events(
                content("a"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}",
                "[DONE]")
            .end();

    assertThat(timeline.inputTokens()).isEqualTo(9);
    assertThat(timeline.outputTokens()).isEqualTo(2);
  }

  @Test
  void doesNotBelieveThatOutputIsOfNoTokens() {
    TokenTimeline timeline =
        Served.events(
                content("a"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}",
                "[DONE]")
            .end();

    assertThat(timeline.inputTokens()).isEqualTo(-1);
    assertThat(timeline.outputTokens()).isEqualTo(-1);
    assertThat(timeline.hasZeroUsage()).isTrue();
  }

  // output

  /** Azure's first chunk is about the prompt alone. */
  @Test
  void takesTheFirstIdThatIsNotEmpty() {
    TokenTimeline timeline =
        Served.events(
                "{\"id\":\"\",\"choices\":[],\"prompt_filter_results\":[]}",
                "{\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
                finish("stop"),
                "[DONE]")
            .end();

    assertThat(timeline.responseId()).isEqualTo("c1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]}]",
        "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"}]",
        "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\"}]",
        "\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"hm\"}]",
        "\"reasoning\":\"hm\",\"reasoning_details\":[{\"text\":\"hm\"}]",
      })
  void countsReasoningInPartsAsOutputOnce(String fields) {
    TokenTimeline timeline = Served.events(delta(fields), content("a"), "[DONE]").end();

    assertThat(timeline.chunkNanosCopy()).containsExactly(0, 1);
    assertThat(timeline.ttfoNanos()).isEqualTo(2);
    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(timeline.text()).isEqualTo("a");
  }

  @Test
  void readsTextInParts() {
    TokenTimeline timeline =
        Served.events(
                delta("\"content\":[{\"type\":\"text\",\"text\":\"a\"}]"),
                delta("\"content\":[\"b\",{\"type\":\"text\",\"text\":\"c\"}]"),
                "[DONE]")
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunks()).isEqualTo(2);
    assertThat(timeline.text()).isEqualTo("abc");
  }

  @Test
  void takesNoOutputFromAMessageThatRepeatsTheDeltas() {
    TokenTimeline timeline =
        Served.events(
                content("a"),
                content("b"),
                "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"ab\"}}],"
                    + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}",
                "[DONE]")
            .end();

    assertThat(timeline.chunks()).isEqualTo(2);
    assertThat(timeline.text()).isEqualTo("ab");
    assertThat(timeline.outputTokens()).isEqualTo(2);
    assertThat(timeline.finishReason()).isEqualTo("stop");
  }

  @Test
  void readsAStreamOfMessages() {
    String message = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"%s\"}}]}";

    assertThat(Served.events(message.formatted("a"), message.formatted("b"), "[DONE]").end().text())
        .isEqualTo("ab");
  }

  @Test
  void keepsTheChoicesOfChunksApart() {
    String chunk = "{\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"%s\"}}]}";
    TokenTimeline timeline =
        Served.events(
                chunk.formatted(0, "a"),
                chunk.formatted(1, "x"),
                chunk.formatted(0, "b"),
                chunk.formatted(1, "y"),
                "[DONE]")
            .end();

    assertThat(timeline.chunkNanosCopy()).containsExactly(0, 1, 2, 3);
    assertThat(timeline.chunkChoicesCopy()).containsExactly(0, 1, 0, 1);
    assertThat(timeline.text()).isEqualTo("ab");
    assertThat(Served.events(chunk.formatted(0, "a"), "[DONE]").end().chunkChoicesCopy()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "good",
      value = {
        "stop, good",
        "length, good",
        ", truncated",
        "network_error, error frame",
      })
  void aResponseIsAsGoodAsItsWorstChoice(String secondReason, String failure) {
    String chunk = "{\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"%s\"}}]}";
    String end = "{\"choices\":[{\"index\":%d,\"delta\":{},\"finish_reason\":\"%s\"}]}";
    Served served = Served.head(200, Served.EVENTS);
    served.piece("data: " + chunk.formatted(0, "a") + "\n\n");
    served.piece("data: " + chunk.formatted(1, "x") + "\n\n");
    if (secondReason != null) {
      served.piece("data: " + end.formatted(1, secondReason) + "\n\n");
    }
    Failure found = served.piece("data: " + end.formatted(0, "stop") + "\n\n").end().failure();

    assertThat(found == null ? null : found.kind()).isEqualTo(failure);
  }

  @Test
  void keepsTheChoicesOfAnyNumberOfChunks() {
    Served served = Served.head(200, Served.EVENTS);
    for (int i = 0; i < 1_000; i++) {
      int choice = i < 100 ? 0 : i % 2;
      served.piece(
          "data: {\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"a\"}}]}\n\n"
              .formatted(choice));
    }

    assertThat(served.piece("data: [DONE]\n\n").end().chunkChoicesCopy())
        .hasSize(1_000)
        .startsWith(0, 0, 0)
        .endsWith(0, 1, 0, 1);
  }

  // text that comes again

  /** As Together repeats each piece, and Perplexity all so far. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'text':'%2$s','delta':{'content':'%2$s'}}",
        "{'message':{'content':'%1$s'},'delta':{'content':'%2$s'}}",
        "{'delta':{'content':'%2$s'},'message':{'content':'%1$s'}}",
      })
  void takesEachPieceOnce(String choice) {
    String chunk = "{\"choices\":[" + choice.replace('\'', '"') + "]}";
    TokenTimeline timeline =
        Served.events(
                chunk.formatted(" alpha", " alpha"),
                chunk.formatted(" alpha beta", " beta"),
                chunk.formatted(" alpha beta gamma", " gamma"),
                finish("stop"),
                "[DONE]")
            .end();

    assertThat(timeline.text()).isEqualTo(" alpha beta gamma");
    assertThat(timeline.chunks()).isEqualTo(3);
    assertThat(timeline.repeatsItself()).isFalse();
  }

  /** A stream of these texts, separated by bars. */
  private static TokenTimeline streamed(String pieces) {
    Served served = Served.head(200, Served.EVENTS);
    for (String piece : pieces.split("\\|")) {
      served.piece("data: " + content(piece) + "\n\n");
    }
    return served.piece("data: [DONE]\n\n").end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hello|Hello world|Hello world!|Hello world!",
        "Hello wor|Hello world|Hello world!",
        "Hello| world|Hello world!",
        "Hello| world!|Hello world!",
      })
  void keepsTextOnceThatAServerSendsAgain(String pieces) {
    TokenTimeline timeline = streamed(pieces);

    assertThat(timeline.text()).isEqualTo("Hello world!");
    assertThat(timeline.repeatsItself()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--------|----------------|--------",
        "abcdefgh|abcdefgh|abcdefgh",
        "ha|haha|ha",
        "a|ab|abc",
        "Hello world! |Hello world! |Hello",
      })
  void keepsTextThatTheModelRepeats(String pieces) {
    TokenTimeline timeline = streamed(pieces);

    assertThat(timeline.text()).isEqualTo(pieces.replace("|", ""));
    assertThat(timeline.repeatsItself()).isFalse();
  }

  // framing

  @Test
  void passesOnDataWithoutBlankLinesWhenItArrives() {
    TokenTimeline timeline =
        Served.head(200, Served.EVENTS)
            .piece("data: " + content("a") + "\n")
            .piece("data: " + content("b") + "\n")
            .piece("data: " + content("c") + "\ndata: " + content("d") + "\ndata: [DONE]\n")
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunkNanosCopy()).containsExactly(0, 1, 2, 2);
    assertThat(timeline.text()).isEqualTo("abcd");
  }

  @Test
  void passesOnAnEventWhoseBlankLineIsHeldBack() {
    TokenTimeline timeline =
        Served.head(200, Served.EVENTS)
            .piece("data: " + content("a") + "\n")
            .piece("\ndata: " + content("b") + "\n")
            .piece("\ndata: [DONE]\n\n")
            .end();

    assertThat(timeline.chunkNanosCopy()).containsExactly(0, 1);
    assertThat(timeline.text()).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"[DONE]\"", " [DONE] ", "[DONE]"})
  void knowsTheDoneMark(String mark) {
    TokenTimeline timeline = Served.events(content("a"), mark).end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.isDone()).isTrue();
  }

  @Test
  void skipsCommentsInData() {
    assertThat(Served.events(": OPENROUTER PROCESSING", content("a"), "[DONE]").end().failure())
        .isNull();
  }

  @Test
  void isGoodIfTheConnectionFailsAfterTheDoneMark() {
    assertThat(Served.events(content("a"), "[DONE]").breakOff().failure()).isNull();
    assertThat(Served.events("[DONE]").breakOff().failure().kind()).isEqualTo("no output");
    assertThat(Served.events(content("a"), "[DONE]").timeOut().failure().kind())
        .isEqualTo("timeout");
  }

  // failures

  @ParameterizedTest
  @ValueSource(strings = {"", "null"})
  void goesOnWithoutAReason(String reason) {
    Served served = Served.events(finish(reason), content("a"));

    assertThat(served.end().failure()).extracting(Failure::kind).isEqualTo("truncated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"network_error", "insufficient_system_resource", "timeout", "cancelled", "error"})
  void failsIfTheServerSaysThatItBrokeOff(String reason) {
    assertThat(Served.events(content("a"), finish(reason), "[DONE]").end().failure())
        .isEqualTo(new Failure("error frame", "finish_reason " + reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "length", "content_filter", "eos_token", "sensitive"})
  void isGoodForEveryOtherReason(String reason) {
    assertThat(Served.events(content("a"), finish(reason), "[DONE]").end().failure()).isNull();
  }

  @Test
  void findsAnErrorInAFieldOfTheStream() {
    assertThat(
            Served.head(200, Served.EVENTS)
                .piece("data: " + content("a") + "\n\n")
                .piece("error: {\"code\":400,\"message\":\"too long\",\"type\":\"bad\"}\n\n")
                .piece("data: [DONE]\n\n")
                .end()
                .failure())
        .isEqualTo(new Failure("error frame bad", "too long"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'error':0,'choices':[{'delta':{'content':'a'}}]}",
        "{'error':{},'choices':[{'delta':{'content':'a'}}]}",
        "{'error':{'code':0,'message':''},'choices':[{'delta':{'content':'a'}}]}",
        "{'base_resp':{'status_code':0,'status_msg':'success'},"
            + "'choices':[{'delta':{'content':'a'}}]}",
        "{'message':'ok','usage':{'prompt_tokens':9,'completion_tokens':2}}",
      })
  void takesNoErrorFromAFieldThatSaysNothing(String json) {
    assertThat(Served.events(content("a"), json.replace('\'', '"'), "[DONE]").end().failure())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'code':4100,'msg':'authentication is invalid'} | error frame 4100"
            + " | authentication is invalid",
        "{'base_resp':{'status_code':1002,'status_msg':'rate limit'}} | error frame 1002"
            + " | rate limit",
        "{'model':'m','state':'idle'} | malformed"
            + " | no response of a known API: {\"model\":\"m\",\"state\":\"idle\"}",
      })
  void quotesABodyThatIsNoCompletion(String json, String kind, String message) {
    assertThat(Served.json(json.replace('\'', '"')).end().failure())
        .isEqualTo(new Failure(kind, message));
  }

  @Test
  void saysThatABodyIsEmpty() {
    assertThat(Served.head(200, Served.JSON).end().failure())
        .isEqualTo(new Failure("no output", "an empty body"));
  }
}
