package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams and bodies of OpenAI's Responses API, as several servers send them. The event at index i
 * arrives at nanosecond i.
 */
class ResponsesApiTest {

  private static final String CREATED =
      "{'type':'response.created','sequence_number':0,'response':{'id':'resp_1',"
          + "'object':'response','status':'in_progress','model':'m','output':[],'usage':null}}";
  private static final String MESSAGE_ADDED =
      "{'type':'response.output_item.added','output_index':0,'item':{'id':'it_1',"
          + "'type':'message','role':'assistant','status':'in_progress','content':[]}}";
  private static final String PART_ADDED =
      "{'type':'response.content_part.added','item_id':'it_1','output_index':0,'content_index':0,"
          + "'part':{'type':'output_text','text':'','annotations':[]}}";
  private static final String TEXT_DONE =
      "{'type':'response.output_text.done','item_id':'it_1','text':'Blue sky','logprobs':[]}";
  private static final String PART_DONE =
      "{'type':'response.content_part.done','part':{'type':'output_text','text':'Blue sky'}}";
  private static final String ITEM_DONE =
      "{'type':'response.output_item.done','item':{'type':'message','role':'assistant',"
          + "'content':[{'type':'output_text','text':'Blue sky'}]}}";
  private static final String OUTPUT =
      "'output':[{'id':'it_1','type':'message','role':'assistant','status':'completed',"
          + "'content':[{'type':'output_text','text':'Blue sky','annotations':[]}]}]";
  private static final String USAGE =
      "'usage':{'input_tokens':12,'input_tokens_details':{'cached_tokens':8},'output_tokens':3,"
          + "'output_tokens_details':{'reasoning_tokens':0},'total_tokens':15}";
  private static final String COMPLETED = completed("'status':'completed'," + OUTPUT);

  private static String text(String text) {
    return delta("output_text", text);
  }

  private static String delta(String kind, String text) {
    return "{'type':'response.%s.delta','sequence_number':7,'item_id':'it_1','delta':'%s'}"
        .formatted(kind, text);
  }

  private static String completed(String fields) {
    return last("completed", fields);
  }

  private static String last(String event, String fields) {
    return "{'type':'response.%s','response':{'id':'resp_1','object':'response',%s,%s}}"
        .formatted(event, fields, USAGE);
  }

  /** A stream of these events, each named after the type in its data. */
  private static TokenTimeline stream(String... events) {
    return Served.named(".*\"type\":\"(response\\.[a-z_.]+|error)\".*", events).end();
  }

  @Test
  void readsAStream() {
    TokenTimeline timeline =
        stream(
            CREATED,
            "{'type':'response.in_progress','response':{'id':'resp_1','status':'in_progress'}}",
            MESSAGE_ADDED,
            PART_ADDED,
            text("Blue"),
            text(" sky"),
            text(""),
            TEXT_DONE,
            PART_DONE,
            ITEM_DONE,
            COMPLETED);

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Blue sky");
    assertThat(timeline.chunkNanosCopy()).containsExactly(4, 5);
    assertThat(timeline.responseId()).isEqualTo("resp_1");
    assertThat(timeline.finishReason()).isEqualTo("stop");
    assertThat(timeline.finishNanos()).isEqualTo(10);
    assertThat(timeline.inputTokens()).isEqualTo(12);
    assertThat(timeline.cachedTokens()).isEqualTo(8);
    assertThat(timeline.outputTokens()).isEqualTo(3);
    assertThat(timeline.hasReasoning()).isFalse();
  }

  @Test
  void readsEventsOfVllmWhichHaveTheTypeLast() {
    TokenTimeline timeline =
        Served.events(
                """
                {"response":{"id":"resp_2","output":[],"status":"in_progress","usage":null},\
                "sequence_number":0,"type":"response.created"}\
                """,
                """
                {"item":{"id":"rs_1","summary":[],"type":"reasoning","status":"in_progress"},\
                "output_index":0,"sequence_number":1,"type":"response.output_item.added"}\
                """,
                """
                {"item_id":"rs_1","part":{"text":"","type":"reasoning_text"},\
                "type":"response.reasoning_part.added"}\
                """,
                """
                {"content_index":0,"delta":"hm","item_id":"rs_1","sequence_number":3,\
                "type":"response.reasoning_text.delta"}\
                """,
                """
                {"content_index":0,"delta":"Blue","item_id":"m","logprobs":[],\
                "sequence_number":4,"type":"response.output_text.delta"}\
                """,
                """
                {"response":{"id":"resp_2","incomplete_details":{"reason":"max_output_tokens"},\
                "output":[{"id":"rs_1","summary":[],"type":"reasoning","content":[\
                {"text":"hm","type":"reasoning_text"}]},{"id":"m","content":[\
                {"annotations":[],"text":"Blue","type":"output_text"}],"type":"message"}],\
                "status":"incomplete","usage":{"input_tokens":9,"input_tokens_details":\
                {"cached_tokens":4,"input_tokens_per_turn":[9],"cached_tokens_per_turn":[4]},\
                "output_tokens":2,"output_tokens_details":{"reasoning_tokens":1,\
                "tool_output_tokens":0}}},"sequence_number":5,"type":"response.completed"}\
                """)
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Blue");
    assertThat(timeline.chunkNanosCopy()).containsExactly(3, 4);
    assertThat(timeline.ttfoNanos()).isEqualTo(5);
    // the status decides, not the name of the event
    assertThat(timeline.finishReason()).isEqualTo("length");
    assertThat(timeline.inputTokens()).isEqualTo(9);
    assertThat(timeline.cachedTokens()).isEqualTo(4);
    assertThat(timeline.reasoningTokens()).isEqualTo(1);
  }

  @Test
  void readsAStreamOfLlamaCpp() {
    TokenTimeline timeline =
        stream(
            "{'type':'response.created','response':{'id':'resp_3','status':'in_progress'}}",
            "{'type':'response.in_progress','response':{'id':'resp_3','status':'in_progress'}}",
            "{'type':'response.output_text.delta','item_id':'m','delta':'Blue'}",
            "{'type':'response.output_text.delta','item_id':'m','delta':' sky'}",
            "{'type':'response.completed','response':{'id':'resp_3','status':'completed',"
                + "'output':[],'usage':{'input_tokens':5,'output_tokens':2,'total_tokens':7}}}");

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunkNanosCopy()).containsExactly(2, 3);
    assertThat(timeline.inputTokens()).isEqualTo(5);
    assertThat(timeline.cachedTokens()).isEqualTo(-1);
    assertThat(timeline.reasoningTokens()).isEqualTo(-1);
  }

  @Test
  void takesASummaryOfOllamaAsReasoning() {
    TokenTimeline timeline =
        stream(
            CREATED,
            "{'type':'response.reasoning_summary_part.added','part':{'type':'summary_text'}}",
            delta("reasoning_summary_text", "hm"),
            "{'type':'response.reasoning_summary_text.done','text':'hm'}",
            text("Blue"),
            COMPLETED);

    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(timeline.text()).isEqualTo("Blue");
    assertThat(timeline.chunkNanosCopy()).containsExactly(2, 4);
    assertThat(timeline.ttfoNanos()).isEqualTo(5);
  }

  @Test
  void readsToolCallsWhoseArgumentsLiteLlmCutsIntoPieces() {
    String call =
        "{'id':'fc_1','type':'function_call','call_id':'call_1','name':'paint','arguments':'%s'}";
    TokenTimeline timeline =
        stream(
            CREATED,
            "{'type':'response.output_item.added','item':" + call.formatted("") + "}",
            delta("function_call_arguments", "[1"),
            delta("function_call_arguments", ",2]"),
            "{'type':'response.function_call_arguments.done','arguments':'[1,2]'}",
            "{'type':'response.output_item.done','item':" + call.formatted("[1,2]") + "}",
            completed("'status':'completed','output':[" + call.formatted("[1,2]") + "]"));

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.chunkNanosCopy()).containsExactly(1, 2, 3);
    assertThat(Served.toolArguments(timeline)).isEqualTo("[1,2]");
    assertThat(timeline.isBlank()).isTrue();
    assertThat(timeline.finishReason()).isEqualTo("tool_calls");
  }

  @Test
  void countsARefusalAsOutput() {
    TokenTimeline timeline =
        stream(
            CREATED,
            delta("refusal", "No."),
            "{'type':'response.refusal.done','refusal':'No.'}",
            completed("'status':'completed'"));

    assertThat(timeline.text()).isEqualTo("No.");
    assertThat(timeline.chunks()).isEqualTo(1);
    assertThat(timeline.finishReason()).isEqualTo("stop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "completed | 'status':'completed' | stop",
        "completed | 'model':'m' | stop",
        "completed | 'status':'in_progress' | stop",
        "completed | 'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}"
            + " | length",
        "incomplete | 'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}"
            + " | length",
        "incomplete | 'incomplete_details':{'reason':'content_filter'} | content_filter",
        "incomplete | 'status':'incomplete','incomplete_details':null | incomplete",
        "completed | 'output':[{'type':'custom_tool_call'}] | tool_calls",
        "completed | 'output':[{'type':'function_call'}],'status':'incomplete',"
            + "'incomplete_details':{'reason':'max_output_tokens'} | length",
      })
  void derivesTheFinishReason(String event, String fields, String reason) {
    TokenTimeline timeline = stream(CREATED, text("a"), last(event, fields));

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.finishReason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'error','code':'server_error','message':'broken','param':null,"
            + "'sequence_number':3} | error frame server_error | broken",
        "{'type':'response.failed','response':{'id':'resp_1','status':'failed','error':"
            + "{'code':'rate_limit_exceeded','message':'slow down'}}}"
            + " | error frame rate_limit_exceeded | slow down",
        "{'type':'response.failed','response':{'status':'failed','error':null}}"
            + " | error frame | finish_reason failed",
        "{'type':'response.failed','response':{'status':'in_progress'}}"
            + " | error frame | finish_reason failed",
        "{'type':'response.completed','response':{'status':'cancelled'}}"
            + " | error frame | finish_reason cancelled",
        "{'error':{'message':'engine died','type':'InternalServerError','code':500}}"
            + " | error frame InternalServerError | engine died",
      })
  void findsAFailureAmongTheEvents(String event, String kind, String message) {
    assertThat(stream(CREATED, text("a"), event).failure()).isEqualTo(new Failure(kind, message));
  }

  @Test
  void findsThatAResponseIsUnknown() {
    TokenTimeline timeline =
        Served.head(404, Served.JSON)
            .piece(
                """
                {"error":{"message":"Response with id 'resp_9' not found.",\
                "type":"invalid_request_error","param":"previous_response_id","code":404}}\
                """)
            .end();

    assertThat(timeline.failure())
        .isEqualTo(
            new Failure("http 404 invalid_request_error", "Response with id 'resp_9' not found."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"content_part.done", "output_text.done", "output_item.done"})
  void takesAStreamWithoutItsLastEventAsTruncated(String end) {
    TokenTimeline timeline =
        stream(CREATED, text("a"), "{'type':'response." + end + "','text':'a'}");

    assertThat(timeline.failure())
        .isEqualTo(new Failure("truncated", "the stream ended without response.completed"));
  }

  @Test
  void readsABodyThatIsNotStreamed() {
    TokenTimeline timeline =
        Served.json(
                """
                {"id":"resp_4","object":"response","error":null,"incomplete_details":null,
                 "instructions":"be brief","metadata":{"code":"x"},"text":{"format":{"type":"text"}},
                 "output":[
                  {"id":"r","summary":[{"text":"so","type":"summary_text"}],"type":"reasoning",
                   "content":[{"text":"hm","type":"reasoning_text"}]},
                  {"id":"m","content":[{"annotations":[],"text":"Blue","type":"output_text"}],
                   "role":"assistant","status":"completed","type":"message"},
                  {"arguments":"[1]","call_id":"c","name":"f","type":"function_call"}],
                 "status":"completed","tools":[{"type":"function","name":"f"}],
                 "usage":{"input_tokens":32,"input_tokens_details":{"cached_tokens":30},
                 "output_tokens":9,"output_tokens_details":{"reasoning_tokens":2}}}
                """)
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Blue");
    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(Served.toolArguments(timeline)).isEqualTo("[1]");
    assertThat(timeline.chunks()).isEqualTo(1);
    assertThat(timeline.responseId()).isEqualTo("resp_4");
    assertThat(timeline.finishReason()).isEqualTo("tool_calls");
    assertThat(timeline.inputTokens()).isEqualTo(32);
    assertThat(timeline.cachedTokens()).isEqualTo(30);
    assertThat(timeline.outputTokens()).isEqualTo(9);
  }

  @Test
  void findsThatAResponseWhichIsNotStreamedFailed() {
    TokenTimeline timeline =
        Served.json(
                """
                {"id":"resp_5","object":"response","status":"failed","output":[],
                 "error":{"code":"server_error","message":"broken"}}
                """)
            .end();

    assertThat(timeline.failure()).isEqualTo(new Failure("error frame server_error", "broken"));
  }

  @Test
  void takesOutputFromTheLastEventOnlyWhereThereWasNone() {
    TokenTimeline timeline = stream(CREATED, TEXT_DONE, COMPLETED);

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Blue sky");
    assertThat(timeline.chunkNanosCopy()).containsExactly(2);
  }

  @Test
  void skipsWhatItDoesNotKnow() {
    TokenTimeline timeline =
        stream(
            CREATED,
            "{'type':'response.web_search_call.searching','item_id':'ws_1'}",
            "{'type':'response.output_text.annotation.added','annotation':{'text':'no'}}",
            "{'type':'response.code_interpreter_call_code.done','code':'print()'}",
            "{'type':'response.novelty.delta','delta':'no'}",
            "{'type':'keepalive','sequence_number':4}",
            text("yes"),
            COMPLETED,
            "[DONE]");

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("yes");
    assertThat(timeline.chunks()).isEqualTo(1);
  }

  @Test
  void ignoresOutputOfOtherDocuments() {
    TokenTimeline timeline =
        Served.json("{\"output\":[{\"name\":\"x\",\"content\":[{\"text\":\"y\"}]}]}").end();

    assertThat(timeline.chunks()).isZero();
    assertThat(timeline.failure()).isNotNull();
    assertThat(timeline.failure().kind()).isEqualTo("malformed");
  }

  @Test
  void saysThatAResponseHasNoOutput() {
    TokenTimeline timeline = stream(CREATED, completed("'status':'completed','output':[]"));

    assertThat(timeline.failure())
        .isEqualTo(new Failure("no output", "no output, finish_reason stop"));
  }
}
