package dev.gatlingllm.server;

import dev.gatlingllm.server.ResponseJson.Usage;
import dev.gatlingllm.server.engine.Generation;
import java.util.BitSet;

/** Writes the response to one request. Used on the event loop of the request. */
abstract class ResponseWriter {

  final HttpExchange exchange;
  final ResponseJson json;
  final TruthRecorder truth;
  final ServerSettings settings;
  private final BitSet begunPrompts = new BitSet();
  private int openChoices;
  private int reasoningTokens;

  ResponseWriter(
      HttpExchange exchange,
      ResponseJson json,
      TruthRecorder truth,
      ServerSettings settings,
      int choices) {
    this.exchange = exchange;
    this.json = json;
    this.truth = truth;
    this.settings = settings;
    this.openChoices = choices;
  }

  /** Returns the listener that receives the tokens of one choice. */
  abstract Generation.Listener listener(ResponseChoice choice);

  /**
   * Writes the end of a choice.
   *
   * @param last whether it is the last choice to end, and so the end of the response
   */
  abstract void end(ResponseChoice choice, boolean last);

  /** Returns the usage of the choices that have ended. */
  final Usage usage() {
    return truth.usage(reasoningTokens);
  }

  /** Records the events of a choice. */
  abstract class ChoiceListener implements Generation.Listener {

    final ResponseChoice choice;

    ChoiceListener(ResponseChoice choice) {
      this.choice = choice;
    }

    @Override
    public void admitted(long nanos) {
      truth.admitted(nanos);
    }

    @Override
    public void prefillStarted(int cachedTokens, long nanos) {
      exchange.started();
      // choices begin in any order; the later ones find what the first has computed
      boolean isFirst = !begunPrompts.get(choice.prompt());
      begunPrompts.set(choice.prompt());
      truth.prefillStarted(isFirst ? cachedTokens : 0, nanos);
    }

    @Override
    public final void prefillEnded(long nanos) {
      truth.prefillEnded(nanos);
    }

    @Override
    public final void finished() {
      reasoningTokens += choice.completion().reasoningTokens();
      boolean last = --openChoices == 0;
      if (last) {
        json.complete();
      }
      end(choice, last);
    }
  }
}
