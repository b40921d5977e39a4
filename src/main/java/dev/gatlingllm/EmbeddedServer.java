package dev.gatlingllm;

import dev.gatlingllm.server.ServerSettings;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;

/** The simulated server that a run without {@code llm.baseUrl} talks to; it lives as long as it. */
final class EmbeddedServer {

  private static SimulatedServer server;

  private EmbeddedServer() {}

  /** Where it is; started when first asked for. */
  static synchronized String baseUrl() {
    if (server == null) {
      server =
          SimulatedServer.start(
              ServerSettings.builder().tokenizer(LlmSettings.get().loadTokenizer()).build());
    }
    return server.baseUrl();
  }
}
