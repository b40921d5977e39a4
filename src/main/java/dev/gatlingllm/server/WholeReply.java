package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.ReplyPart.Kind;
import dev.gatlingllm.server.RequestTruth.Outcome;
import dev.gatlingllm.server.engine.Generation;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;

/** A response in one piece, written when the last token of its last choice has come. */
final class WholeReply implements Response {

  private final Exchange exchange;
  private final ReplyJson json;
  private final Trace trace;
  private final ServerSettings settings;
  private final ObjectNode[] choices;
  private int open;
  private int reasoningTokens;

  WholeReply(Exchange exchange, ReplyJson json, Trace trace, ServerSettings settings, int choices) {
    this.exchange = exchange;
    this.json = json;
    this.trace = trace;
    this.settings = settings;
    this.choices = new ObjectNode[choices];
    this.open = choices;
  }

  @Override
  public Generation.Listener listener(Choice choice) {
    return new Generation.Listener() {
      @Override
      public void admitted(long nanos) {
        trace.admitted(nanos);
      }

      @Override
      public void prefillStarted(int cachedTokens, long nanos) {
        exchange.served();
        trace.prefillStarted(choice.first() ? cachedTokens : 0, nanos);
      }

      @Override
      public void prefillEnded(long nanos) {
        trace.prefillEnded(nanos);
      }

      @Override
      public void tokens(int count, long dueNanos) {
        trace.tokens(count, dueNanos);
      }

      @Override
      public void finished() {
        choices[choice.index()] = json.choice(choice, probabilities(choice));
        reasoningTokens += choice.reply().reasoningTokens();
        if (--open == 0) {
          answer();
        }
      }
    };
  }

  private ObjectNode probabilities(Choice choice) {
    Logprobs logprobs = choice.logprobs();
    ReplyPart last = choice.reply().lastPart();
    if (logprobs == null || last.kind() != Kind.CONTENT) {
      return null;
    }
    return json.api() == Api.CHAT
        ? logprobs.chat(last.text(), 0, last.tokens())
        : logprobs.completion(last.text(), 0, last.tokens(), 0);
  }

  private void answer() {
    Usage usage = trace.usage(settings.reportCachedTokens(), reasoningTokens);
    byte[] body = Json.bytes(json.whole(Arrays.asList(choices), usage));
    trace.firstWrite();
    trace.end(Outcome.COMPLETE);
    exchange.answer(HttpResponseStatus.OK, body);
  }
}
