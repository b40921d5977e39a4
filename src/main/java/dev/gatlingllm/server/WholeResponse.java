package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.engine.Generation;
import java.util.Arrays;

/** Sends a response in one piece, after the last token of its last choice. */
final class WholeResponse extends ResponseWriter {

  private final ObjectNode[] choices;

  WholeResponse(
      HttpExchange exchange,
      ResponseJson json,
      TruthRecorder truth,
      ServerSettings settings,
      int choices) {
    super(exchange, json, truth, settings, choices);
    this.choices = new ObjectNode[choices];
  }

  @Override
  Generation.Listener listener(ResponseChoice choice) {
    return new ChoiceListener(choice) {
      @Override
      public void tokens(int count, long dueNanos) {
        truth.tokens(count, dueNanos);
      }
    };
  }

  @Override
  void end(ResponseChoice choice, boolean last) {
    choices[choice.index()] = json.choice(choice);
    if (last) {
      byte[] body = Json.bytes(json.whole(Arrays.asList(choices), usage()));
      truth.recordFirstWrite();
      truth.end(RequestOutcome.COMPLETE);
      exchange.send(body);
    }
  }
}
