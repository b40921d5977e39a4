package dev.gatlingllm.observe;

/** Receives what the server says while a run goes on. */
@FunctionalInterface
public interface ServerReadingSink {

  /** Receives a reading, about once a second, on the scraper's thread; it should return soon. */
  void accept(ServerReading reading);
}
