package dev.gatlingllm;

import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;

/** The simulated server of runs without {@code llm.baseUrl}; it lives until the process ends. */
final class EmbeddedServer {

  private static SimulatedServer server;

  private EmbeddedServer() {}

  /** Returns the root of the server, which is started on the first call. */
  static synchronized String baseUrl() {
    if (server == null) {
      server =
          SimulatedServer.start(
              ServerSettings.builder().tokenizer(LlmSettings.get().loadTokenizer()).build());
    }
    return server.baseUrl();
  }
}
