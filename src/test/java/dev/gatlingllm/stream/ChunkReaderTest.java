package dev.gatlingllm.stream;

import static dev.gatlingllm.stream.Chunk.Kind.CONTENT;
import static dev.gatlingllm.stream.Chunk.Kind.REASONING;
import static dev.gatlingllm.stream.Chunk.Kind.TOOL_CALL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {

  private final TokenTimeline timeline = new TokenTimeline();
  private final ChunkReader reader = new ChunkReader(timeline);
  private long nanos;

  private boolean read(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return reader.readWhole(bytes, 0, bytes.length, nanos++);
  }

  static Stream<Arguments> outputs() {
    return Stream.of(
        Arguments.of("{'choices':[{'delta':{'content':'a'}}]}", List.of(CONTENT), "a", ""),
        Arguments.of("{'choices':[{'delta':{'refusal':'no'}}]}", List.of(CONTENT), "no", ""),
        Arguments.of(
            "{'choices':[{'delta':{'reasoning_content':'hm'}}]}", List.of(REASONING), "", ""),
        Arguments.of("{'choices':[{'delta':{'reasoning':'hm'}}]}", List.of(REASONING), "", ""),
        Arguments.of("{'choices':[{'text':'a'}]}", List.of(CONTENT), "a", ""),
        Arguments.of("{'choices':[{'message':{'content':'a'}}]}", List.of(CONTENT), "a", ""),
        Arguments.of(
            "{'choices':[{'message':{'reasoning':'hm','content':'a'}}]}",
            List.of(CONTENT),
            "a",
            ""),
        Arguments.of(
            "{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'name':'f'}}]}}]}",
            List.of(TOOL_CALL),
            "",
            ""),
        Arguments.of(
            "{'choices':[{'delta':{'tool_calls':[{'function':{'arguments':'{}'}}]}}]}",
            List.of(TOOL_CALL),
            "",
            "{}"),
        Arguments.of(
            "{'choices':[{'delta':{'tool_calls':{'function':{'arguments':'{}'}}}}]}",
            List.of(TOOL_CALL),
            "",
            "{}"),
        Arguments.of(
            "{'choices':[{'delta':{'function_call':{'arguments':'1'}}}]}",
            List.of(TOOL_CALL),
            "",
            "1"),
        Arguments.of(
            "{'choices':[{'delta':{'content':'b'},'index':1},{'delta':{'content':'a'},'index':0}]}",
            List.of(CONTENT, CONTENT),
            "a",
            ""),
        // Together and Perplexity have the same in several places, in any order
        Arguments.of(
            "{'choices':[{'text':'a','delta':{'content':'a'}}]}", List.of(CONTENT), "a", ""),
        Arguments.of(
            "{'choices':[{'delta':{'content':'a'},'text':'a'}]}", List.of(CONTENT), "a", ""),
        Arguments.of(
            "{'choices':[{'text':'a','message':{'content':'a'}}]}", List.of(CONTENT), "a", ""),
        Arguments.of(
            "{'choices':[{'message':{'content':'a'},'delta':{'content':'a'}}]}",
            List.of(CONTENT),
            "a",
            ""),
        Arguments.of(
            "{'choices':[{'text':'hm','delta':{'reasoning':'hm'}}]}", List.of(REASONING), "", ""),
        Arguments.of(
            "{'choices':[{'text':'a','delta':{'content':'','tool_calls':null}}]}",
            List.of(CONTENT),
            "a",
            ""),
        Arguments.of(
            "{'choices':[{'delta':{'content':'a'}},"
                + "{'index':1,'text':'b','delta':{'content':'b'}}]}",
            List.of(CONTENT, CONTENT),
            "a",
            ""),
        Arguments.of(
            "{'choices':[{'text':'a','message':{}}],'message':{'content':'b'}}",
            List.of(CONTENT, CONTENT),
            "ab",
            ""),
        // Databricks
        Arguments.of(
            "{'choices':[{'delta':{'content':[{'type':'reasoning','summary':"
                + "[{'type':'summary_text','text':'hm'}]}]}}]}",
            List.of(REASONING),
            "",
            ""),
        Arguments.of("{'choices':[{'delta':{'role':'assistant'}}]}", List.of(), "", ""),
        Arguments.of("{'choices':[{'delta':{'content':''}}]}", List.of(), "", ""),
        Arguments.of("{'choices':[{'delta':{'content':null}}]}", List.of(), "", ""),
        Arguments.of("{'choices':[{'delta':null}]}", List.of(), "", ""),
        Arguments.of("{'choices':[{'delta':{}}]}", List.of(), "", ""),
        Arguments.of("{'choices':[],'usage':{'prompt_tokens':1}}", List.of(), "", ""),
        Arguments.of("{'choices':null}", List.of(), "", ""),
        Arguments.of("{'choices':[{'logprobs':{'content':'x'}}]}", List.of(), "", ""),
        Arguments.of("{'content':'x','text':'x','delta':{'content':'x'}}", List.of(), "", ""),
        Arguments.of("   ", List.of(), "", ""));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void findsOutput(String json, List<Chunk.Kind> kinds, String text, String toolArguments) {
    assertThat(read(json.replace('\'', '"'))).isTrue();

    assertThat(timeline.chunks()).isEqualTo(kinds.size());
    assertThat(timeline.ttfoNanos() >= 0).isEqualTo(kinds.stream().anyMatch(k -> k != REASONING));
    assertThat(timeline.text()).isEqualTo(text);
    assertThat(Served.toolArguments(timeline)).isEqualTo(toolArguments);
    assertThat(timeline.error()).isNull();
  }

  @Test
  void findsFieldsInAnyOrderAndSkipsUnknownOnes() {
    read(
        """
        {"x":[[{"choices":[{"delta":{"content":"no"}}]}],-Infinity,NaN,1e999,true,null,"\\ud83d"],
         "usage":{"completion_tokens":3,"x":{"prompt_tokens":9},
                  "prompt_tokens_details":{"audio":{},"cached_tokens":16},"prompt_tokens":40},
         "choices":[{"finish_reason":"stop","logprobs":{"a":[{"b":[]}]},
                     "delta":{"x":{"content":"no"},"content":"yes"},"index":0}],
         "error":null,"id":"r1","message":null}
        """);

    assertThat(timeline.text()).isEqualTo("yes");
    assertThat(timeline.finishReason()).isEqualTo("stop");
    assertThat(timeline.responseId()).isEqualTo("r1");
    assertThat(timeline.inputTokens()).isEqualTo(40);
    assertThat(timeline.outputTokens()).isEqualTo(3);
    assertThat(timeline.cachedTokens()).isEqualTo(16);
    assertThat(timeline.error()).isNull();
  }

  @Test
  void keepsTheLastUsageAndIgnoresNull() {
    read("{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":1}}");
    read("{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}");
    read("{\"choices\":[],\"usage\":null}");
    read("{\"choices\":[],\"usage\":{\"prompt_tokens_details\":null,\"completion_tokens\":\"x\"}}");

    assertThat(timeline.inputTokens()).isEqualTo(4);
    assertThat(timeline.outputTokens()).isEqualTo(2);
    assertThat(timeline.cachedTokens()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "99999999999999999999", "NaN", "[1]", "{\"a\":1}", "true"})
  void ignoresInvalidCounts(String count) {
    assertThat(read("{\"choices\":[],\"usage\":{\"prompt_tokens\":" + count + "}}")).isTrue();
    assertThat(timeline.inputTokens()).isEqualTo(-1);
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of("{'error':{'message':'m','type':'t','code':'c'}}", "t", "c", "m"),
        Arguments.of("{'error':{'message':'m','type':null,'code':400}}", null, "400", "m"),
        Arguments.of("{'object':'error','message':'m','type':'t','code':400}", "t", "400", "m"),
        Arguments.of("{'object':'error','code':400}", null, "400", null),
        Arguments.of("{'error':'m','error_type':'overloaded'}", "overloaded", null, "m"),
        Arguments.of("{'type':'error','error':{'type':'t','message':'m'}}", "t", null, "m"),
        Arguments.of("{'error':{}}", null, null, null),
        Arguments.of("{'error':['m']}", null, null, "m"),
        Arguments.of("[{'error':{'code':503,'message':'m'}}]", null, "503", "m"),
        Arguments.of("{'detail':'m'}", null, null, "m"),
        Arguments.of("{'detail':[{'loc':['body'],'msg':'m','type':'t'}]}", "t", null, "m"),
        Arguments.of("{'message':'m'}", null, null, "m"),
        Arguments.of("{'x_groq':{'id':'i','error':'m'},'choices':[]}", null, null, "m"),
        Arguments.of("{'x_groq':{'error':{'message':'m','code':'c'}}}", null, "c", "m"),
        Arguments.of(
            "{'error':{'message':'m'},'choices':[{'finish_reason':'error'}]}", null, null, "m"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void findsErrorsInAllForms(String json, String type, String code, String message) {
    assertThat(read(json.replace('\'', '"'))).isTrue();

    assertThat(timeline.error()).isEqualTo(new ServerError(type, code, message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[],\"message\":\"ok\",\"code\":0,\"error\":false}",
        "{\"choices\":[],\"error\":\"\"}",
        "{\"message\":{\"role\":\"assistant\"}}",
        "{\"type\":\"x\",\"code\":1}"
      })
  void findsNoErrorInGoodChunks(String json) {
    read(json);
    assertThat(timeline.error()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"choices\":[{\"delta\":{\"content\":\"lost\"},\"finish_reason\":\"stop\"}]",
        "{\"choices\":[{\"delta\":{\"content\":\"lost\"}}",
        "{\"choices\":[{\"delta\":{\"content\":\"lost",
        "{\"a\":tru",
        "}",
        "]",
        "hello",
        "\"hello\"",
        "\"hello",
        "12",
        "-",
        "<html>",
        "{'a':1}",
        "\u0000"
      })
  void ignoresBrokenChunksAndReadsTheNext(String broken) {
    assertThat(read(broken)).isFalse();
    assertThat(timeline.chunks()).isZero();
    assertThat(timeline.finishReason()).isNull();

    assertThat(read(ChatChunks.content("a"))).isTrue();
    assertThat(timeline.text()).isEqualTo("a");
  }

  @Test
  void rejectsInvalidUtf8() {
    byte[] bytes = ChatChunks.content("?").getBytes(UTF_8);
    bytes[ChatChunks.content("?").indexOf('?')] = (byte) 0xC3;

    assertThat(reader.readWhole(bytes, 0, bytes.length, 0)).isFalse();
  }

  @Test
  void rejectsGarbageAfterAChunk() {
    assertThat(read(ChatChunks.content("a") + ChatChunks.content("b"))).isTrue();
    assertThat(timeline.text()).isEqualTo("ab");
    assertThat(read(ChatChunks.content("c") + " 12")).isFalse();
    assertThat(read(ChatChunks.content("d"))).isTrue();
  }

  @Test
  void survivesDeepNesting() {
    assertThat(read("{\"a\":" + "[".repeat(100_000))).isFalse();
    assertThat(read("{\"choices\":" + "[".repeat(100) + "]".repeat(100) + "}")).isTrue();
    assertThat(read(ChatChunks.content("a"))).isTrue();
    assertThat(timeline.text()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'message':{'content':'a",
        "{'id':'x'} 'an unfinished text",
        "{'id':'x'} 12",
        "{'id':'x'} tru",
        "{'id':'x'} {",
        "{'id':'x'}",
        "",
        "]"
      })
  void readsAResponseAfterOneThatBrokeOff(String brokenOff) {
    byte[] bytes = brokenOff.replace('\'', '"').getBytes(UTF_8);
    ChunkReader earlier = new ChunkReader(new TokenTimeline());
    earlier.read(bytes, 0, bytes.length, 1);
    earlier.release();

    for (int response = 1; response <= 2; response++) {
      TokenTimeline next = new TokenTimeline();
      ChunkReader reader = new ChunkReader(next);
      byte[] whole = "{\"choices\":[{\"message\":{\"content\":\"yes\"}}]}".getBytes(UTF_8);

      assertThat(reader.readWhole(whole, 0, whole.length, 2)).isTrue();
      reader.release();
      assertThat(next.text()).isEqualTo("yes");
    }
  }
}
