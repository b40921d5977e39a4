package dev.gatlingllm.server;

/** One reply on its way. After {@link Engine#prepare} it lives on the clock's thread alone. */
interface Generation {

  /** Lets the tokens come: calls the listener on the clock's thread, beginning after this call. */
  void start(EngineClock clock, Listener listener);

  /** Stops for good: the listener is not called again. Does nothing once the reply is finished. */
  void cancel();

  /** Hears of the tokens as they come. */
  interface Listener {

    /** The prompt is admitted: {@code cachedTokens} of it need no prefill. Called first, once. */
    void admitted(int cachedTokens);

    /** Token {@code index}, from 0, has been generated. */
    void token(int index);

    /** The last token has been generated. Called last, once. */
    void finished();
  }
}
