package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.EngineSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a {@link SimulatedServer} until the process is stopped. */
@Command(
    name = "server",
    resourceBundle = "dev.gatlingllm.server.options",
    header = "Runs a simulated LLM server with OpenAI's API until it is stopped.",
    description =
        "Tokens are a number or a distribution such as normal(200,50); times have a unit: 10ms.")
public class ServerCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ServerSettings.Builder builder = ServerSettings.builder();

  @Option(names = "--tls")
  private boolean tls;

  @Option(names = "--tls-certificate", paramLabel = "FILE")
  private Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE")
  private Path key;

  @Option(names = "--profile", paramLabel = "NAME", defaultValue = "pleasant")
  private EngineProfile profile;

  @ArgGroup(exclusive = false, heading = "%nThe engine's settings, instead of the profile's:%n")
  private EngineSettings.Builder engine = EngineSettings.builder();

  @Override
  public Integer call() {
    return run(settings());
  }

  ServerSettings settings() {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("--tls-certificate and --tls-key must be set together");
    }
    if (certificate != null) {
      builder.tls(certificate, key);
    } else if (tls) {
      builder.tls();
    }
    return builder.engine(profile.settings().toBuilder().override(engine).build()).build();
  }

  private int run(ServerSettings settings) {
    PrintWriter out = spec.commandLine().getOut();
    try (SimulatedServer server = SimulatedServer.start(settings)) {
      out.printf(
          "Simulated LLM server \"%s\" at %s (tokenizer %s%s%s, stop with Ctrl-C)%n",
          settings.modelName,
          server.baseUrl(),
          settings.tokenizer.name(),
          settings.tls && settings.certificate.isEmpty() ? ", self-signed certificate" : "",
          settings.apiKeys.isEmpty() ? "" : ", key required");
      out.flush();
      if (settings.apiKeys.isEmpty() && !server.isLoopback()) {
        spec.commandLine()
            .getErr()
            .println(
                "Warning: whoever reaches this machine can use and change this server; set"
                    + " --api-key, and --tls to hide the key, or listen on 127.0.0.1");
      }
      awaitStop(server, out);
      return ExitCode.OK;
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  /** Waits until the server is to be closed: on Ctrl-C or SIGTERM, a shutdown hook closes it. */
  void awaitStop(SimulatedServer server, PrintWriter out) {
    Runnable stop =
        () -> {
          server.close();
          out.println("Simulated LLM server stopped");
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "llm-server-stop"));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
