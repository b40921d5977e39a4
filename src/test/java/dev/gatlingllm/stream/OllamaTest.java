package dev.gatlingllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines of Ollama's own chat. The line at index i arrives at nanosecond i. */
class OllamaTest {

  private static final String LINES = "application/x-ndjson";

  private static String line(String message) {
    return "{'model':'m','created_at':'2026-01-02T03:04:05.6Z','message':{'role':'assistant',"
        + message
        + "},'done':false}";
  }

  private static String last(String reason, String counts) {
    return "{'model':'m','message':{'role':'assistant','content':''},'done':true,'done_reason':'"
        + reason
        + "','total_duration':812000000,'load_duration':41000000"
        + counts
        + "}";
  }

  private static Served served(String... lines) {
    Served served = Served.head(200, LINES);
    for (String line : lines) {
      served.piece(line.replace('\'', '"') + "\n");
    }
    return served;
  }

  @Test
  void readsAStream() {
    TokenTimeline timeline =
        served(
                line("'content':'','thinking':'Hm'"),
                line("'content':'Red'"),
                line("'content':' sky'"),
                last("length", ",'prompt_eval_count':12,'eval_count':4,'eval_duration':60000000"))
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.streamed()).isTrue();
    assertThat(timeline.text()).isEqualTo("Red sky");
    assertThat(timeline.hasReasoning()).isTrue();
    assertThat(timeline.chunkNanosCopy()).containsExactly(0, 1, 2);
    assertThat(timeline.ttfoNanos()).isEqualTo(2);
    assertThat(timeline.finishReason()).isEqualTo("length");
    assertThat(timeline.inputTokens()).isEqualTo(12);
    assertThat(timeline.outputTokens()).isEqualTo(4);
    assertThat(timeline.cachedTokens()).isEqualTo(-1);
  }

  @Test
  void readsACallOfATool() {
    TokenTimeline timeline =
        served(
                line(
                    "'content':'','tool_calls':[{'function':{'name':'paint',"
                        + "'arguments':{'wall':{'name':'north'}}}}]"),
                last("stop", ",'eval_count':9"))
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.isBlank()).isTrue();
    assertThat(Served.toolArguments(timeline)).isEqualTo("north");
    assertThat(timeline.chunks()).isEqualTo(1);
  }

  @Test
  void readsABodyThatIsNotStreamed() {
    TokenTimeline timeline =
        Served.json(
                last("stop", ",'prompt_eval_count':12,'eval_count':2")
                    .replace("'content':''", "'content':'Red'")
                    .replace('\'', '"'))
            .end();

    assertThat(timeline.failure()).isNull();
    assertThat(timeline.text()).isEqualTo("Red");
    assertThat(timeline.outputTokens()).isEqualTo(2);
  }

  @Test
  void findsAnErrorAmongTheLines() {
    Failure failure = served(line("'content':'a'"), "{'error':'out of memory'}").end().failure();

    assertThat(failure).isEqualTo(new Failure("error frame", "out of memory"));
  }

  @Test
  void takesAStreamWithoutItsLastLineAsTruncated() {
    assertThat(served(line("'content':'a'"), line("'content':'b'")).end().failure())
        .isEqualTo(new Failure("truncated", "the stream ended without \"done\":true"));
  }

  @Test
  void saysThatAModelWasOnlyLoaded() {
    assertThat(served(last("load", "")).end().failure())
        .isEqualTo(new Failure("no output", "no output, finish_reason load"));
  }
}
