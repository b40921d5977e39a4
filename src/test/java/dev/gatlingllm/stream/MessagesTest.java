package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams and bodies of Anthropic's Messages API. The event at index i arrives at nanosecond i. */
class MessagesTest {

  private static final String START =
      "{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant',"
          + "'model':'m','content':[],'stop_reason':null,'usage':{'input_tokens':40,"
          + "'cache_creation_input_tokens':8,'cache_read_input_tokens':1024,'output_tokens':1}}}";
  private static final String TEXT_BLOCK =
      "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}";
  private static final String BLOCK_STOP = "{'type':'content_block_stop','index':0}";
  private static final String PING = "{'type':'ping'}";
  private static final String STOP = "{'type':'message_stop'}";

  private static String text(String text) {
    return delta("'type':'text_delta','text':'" + text + "'");
  }

  private static String delta(String fields) {
    return "{'type':'content_block_delta','index':0,'delta':{" + fields + "}}";
  }

  private static String end(String reason, String usage) {
    return "{'type':'message_delta','delta':{'stop_reason':'%s','stop_sequence':null},'usage':{%s}}"
        .formatted(reason, usage);
  }

  /** A stream of these events, each named after the type in its data. */
  private static Served served(String... events) {
    return Served.named("\\{\"type\":\"([a-z_]+)\".*", events);
  }

  private static TokenTimeline stream(String... events) {
    return served(events).end();
  }

  @Test
  void readsAStream() {
    TokenTimeline timeline =
        stream(
            START,
            TEXT_BLOCK,
            PING,
            text("Blue"),
            text(" sky"),
            text(""),
            BLOCK_STOP,
            end("end_turn", "'output_tokens':3"),
            STOP);

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Blue sky");
    assertThat(timeline.chunkNanosCopy()).containsExactly(3, 4);
    assertThat(timeline.responseId()).isEqualTo("msg_1");
    assertThat(timeline.finishReason()).isEqualTo("stop");
    assertThat(timeline.finishNanos()).isEqualTo(7);
    assertThat(timeline.inputTokens()).isEqualTo(1_072);
    assertThat(timeline.cachedTokens()).isEqualTo(1_024);
    assertThat(timeline.outputTokens()).isEqualTo(3);
  }

  @Test
  void readsEventsWithoutNames() {
    String[] events =
        Arrays.stream(
                new String[] {
                  START, text("a"), text("b"), end("max_tokens", "'output_tokens':2"), STOP
                })
            .map(event -> event.replace('\'', '"'))
            .toArray(String[]::new);

    TokenTimeline timeline = Served.events(events).end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("ab");
    assertThat(timeline.finishReason()).isEqualTo("length");
  }

  @Test
  void tellsThinkingFromOutput() {
    TokenTimeline timeline =
        stream(
            START,
            "{'type':'content_block_start','index':0,'content_block':{'type':'thinking',"
                + "'thinking':'','signature':''}}",
            delta("'type':'thinking_delta','thinking':'Let'"),
            delta("'type':'thinking_delta','thinking':' me'"),
            delta("'type':'signature_delta','signature':'EqQB'"),
            BLOCK_STOP,
            text("Blue"),
            end("end_turn", "'output_tokens':4,'output_tokens_details':{'thinking_tokens':2}"),
            STOP);

    assertThat(timeline.text()).isEqualTo("Blue");
    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(timeline.reasoningTokens()).isEqualTo(2);
    assertThat(timeline.chunkNanosCopy()).containsExactly(2, 3, 6);
    assertThat(timeline.ttfoNanos()).isEqualTo(7);
  }

  @Test
  void readsToolCalls() {
    TokenTimeline timeline =
        stream(
            START,
            "{'type':'content_block_start','index':0,'content_block':{'type':'tool_use',"
                + "'id':'toolu_7','name':'paint','input':{}}}",
            delta("'type':'input_json_delta','partial_json':''"),
            delta("'type':'input_json_delta','partial_json':'[1'"),
            delta("'type':'input_json_delta','partial_json':',2]'"),
            BLOCK_STOP,
            end("tool_use", "'output_tokens':21"),
            STOP);

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunkNanosCopy()).containsExactly(1, 3, 4);
    assertThat(Served.toolArguments(timeline)).isEqualTo("[1,2]");
    assertThat(timeline.isBlank()).isTrue();
    assertThat(timeline.finishReason()).isEqualTo("tool_calls");
  }

  @Test
  void readsABodyThatIsNotStreamed() {
    TokenTimeline timeline =
        Served.json(
                """
                {"usage":{"input_tokens":2,"cache_read_input_tokens":30,"output_tokens":9},
                 "content":[{"type":"thinking","thinking":"hm","signature":"x"},
                            {"type":"text","text":"Blue"},
                            {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":{"b":"c"}}}],
                 "stop_reason":"end_turn","stop_sequence":null,
                 "id":"msg_2","type":"message","role":"assistant","model":"m"}
                """)
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Blue");
    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(timeline.isOneChoiceOfText()).isFalse();
    assertThat(timeline.chunks()).isEqualTo(1);
    assertThat(timeline.responseId()).isEqualTo("msg_2");
    assertThat(timeline.finishReason()).isEqualTo("stop");
    assertThat(timeline.inputTokens()).isEqualTo(32);
    assertThat(timeline.cachedTokens()).isEqualTo(30);
    assertThat(timeline.outputTokens()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // a gateway that begins with zeros
        "'input_tokens':0,'cache_read_input_tokens':0 | 'input_tokens':8,"
            + "'cache_read_input_tokens':64 | 72 | 64",
        // an estimate, which is too large
        "'input_tokens':90 | 'input_tokens':70 | 70 | -1",
        // counts that are repeated are not added
        "'input_tokens':8,'cache_read_input_tokens':64 | 'input_tokens':8,"
            + "'cache_read_input_tokens':64 | 72 | 64",
        "'input_tokens':8,'cache_read_input_tokens':64 | 'input_tokens':null | 72 | 64",
        "'input_tokens':8,'cache_read_input_tokens':64 | 'input_tokens':0 | 72 | 64",
        "'input_tokens':0,'cache_read_input_tokens':64 | 'output_tokens':1 | 64 | 64",
        "'output_tokens':1 | 'output_tokens':1 | -1 | -1",
        // zeros that stand for "not known yet" say nothing of the cache
        "'input_tokens':0,'cache_read_input_tokens':0 | 'input_tokens':72 | 72 | -1",
        "'input_tokens':0,'cache_read_input_tokens':0 | 'output_tokens':1 | -1 | -1",
        "'input_tokens':0 | 'input_tokens':8,'cache_creation_input_tokens':5 | 13 | -1",
      })
  void takesTheLastCountsOfThePrompt(String first, String last, int input, int cached) {
    TokenTimeline timeline =
        stream(
            "{'type':'message_start','message':{'id':'m','usage':{" + first + "}}}",
            text("a"),
            end("end_turn", last),
            STOP);

    assertThat(timeline.inputTokens()).isEqualTo(input);
    assertThat(timeline.cachedTokens()).isEqualTo(cached);
  }

  @Test
  void findsAnErrorAmongTheEvents() {
    Failure failure =
        stream(
                START,
                text("a"),
                "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'},"
                    + "'request_id':'req_1'}")
            .failure();

    assertThat(failure).isEqualTo(new Failure("error frame overloaded_error", "Overloaded"));
  }

  @Test
  void findsAnErrorInABody() {
    TokenTimeline timeline =
        Served.head(429, Served.JSON)
            .piece(
                """
                {"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}\
                """)
            .end();

    assertThat(timeline.failure()).isEqualTo(new Failure("http 429 rate_limit_error", "slow down"));
  }

  @Test
  void takesAStreamWithoutItsLastEventAsTruncated() {
    TokenTimeline timeline =
        stream(START, text("a"), BLOCK_STOP, end("end_turn", "'output_tokens':2"));

    assertThat(timeline.failure())
        .isEqualTo(new Failure("truncated", "the stream ended without message_stop"));
  }

  @Test
  void takesTheFirstCountOfOutputForNoCountOfTheResponse() {
    TokenTimeline cut = stream(START, text("a"), text("b"), text("c"));

    assertThat(cut.outputTokens()).isEqualTo(-1);
    assertThat(cut.reasoningTokens()).isEqualTo(-1);
    assertThat(cut.inputTokens()).isEqualTo(1_072);
    assertThat(cut.hasZeroUsage()).isFalse();
  }

  @Test
  void takesTheHighestCountOfOutput() {
    TokenTimeline timeline =
        stream(
            START,
            text("a"),
            "{'type':'message_delta','delta':{'stop_reason':null},'usage':{'output_tokens':1}}",
            text("b"),
            end("end_turn", "'output_tokens':3"),
            STOP);

    assertThat(timeline.outputTokens()).isEqualTo(3);
    assertThat(timeline.finishNanos()).isEqualTo(4);
  }

  @Test
  void skipsWhatItDoesNotKnow() {
    TokenTimeline timeline =
        stream(
            START,
            "{'type':'content_block_start','index':0,'content_block':{'type':'new','x':[1]}}",
            delta("'type':'citations_delta','citation':{'text':'no'}"),
            "{'type':'novelty','delta':{'content':'no'}}",
            text("yes"),
            end("novel_reason", "'output_tokens':2,'server_tool_use':{'web_search_requests':1}"),
            STOP);

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("yes");
    assertThat(timeline.finishReason()).isEqualTo("novel_reason");
  }

  @Test
  void saysThatAMessageHasNoOutput() {
    TokenTimeline timeline = stream(START, PING, end("refusal", "'output_tokens':0"), STOP);

    assertThat(timeline.failure())
        .isEqualTo(new Failure("no output", "no output, finish_reason content_filter"));
  }
}
