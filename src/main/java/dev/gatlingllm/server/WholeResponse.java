package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.engine.Generation;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;

/** Sends a response in one piece, after the last token of its last choice. */
final class WholeResponse implements ResponseWriter {

  private final HttpExchange exchange;
  private final ResponseJson json;
  private final TruthRecorder truth;
  private final boolean reportCachedTokens;
  private final ObjectNode[] choices;
  private int openChoices;
  private int reasoningTokens;

  WholeResponse(
      HttpExchange exchange,
      ResponseJson json,
      TruthRecorder truth,
      boolean reportCachedTokens,
      int choices) {
    this.exchange = exchange;
    this.json = json;
    this.truth = truth;
    this.reportCachedTokens = reportCachedTokens;
    this.choices = new ObjectNode[choices];
    openChoices = choices;
  }

  @Override
  public Generation.Listener listener(ResponseChoice choice) {
    return new Generation.Listener() {

      @Override
      public void admitted(long nanos) {
        truth.admitted(nanos);
      }

      @Override
      public void prefillStarted(int cachedTokens, long nanos) {
        exchange.started();
        truth.prefillStarted(choice.first() ? cachedTokens : 0, nanos);
      }

      @Override
      public void prefillEnded(long nanos) {
        truth.prefillEnded(nanos);
      }

      @Override
      public void tokens(int count, long dueNanos) {
        truth.tokens(count, dueNanos);
      }

      @Override
      public void finished() {
        choices[choice.index()] = json.choice(choice);
        reasoningTokens += choice.completion().reasoningTokens();
        if (--openChoices == 0) {
          send();
        }
      }
    };
  }

  private void send() {
    var usage = truth.usage(reportCachedTokens, reasoningTokens);
    byte[] body = Json.bytes(json.whole(Arrays.asList(choices), usage));
    truth.recordFirstWrite();
    truth.end(RequestOutcome.COMPLETE);
    exchange.send(HttpResponseStatus.OK, body);
  }
}
