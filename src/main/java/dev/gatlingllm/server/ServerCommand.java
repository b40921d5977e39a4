package dev.gatlingllm.server;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import joptsimple.OptionException;

/**
 * Runs a {@link SimulatedServer} on its own, until the process is told to stop:
 *
 * <pre>
 * {@code mvn test-compile exec:java@server -Dexec.args="--port 8000 --profile h100-8b"}
 * </pre>
 */
public final class ServerCommand {

  private static final String LOGGING = "logback.configurationFile";

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final PrintStream out;
  private final PrintStream err;
  private final Consumer<SimulatedServer> whileRunning;

  /**
   * @param whileRunning returns when the server is to be closed
   */
  ServerCommand(PrintStream out, PrintStream err, Consumer<SimulatedServer> whileRunning) {
    this.out = out;
    this.err = err;
    this.whileRunning = whileRunning;
  }

  /** Ends with 0 after help or a clean stop, 1 when it cannot listen, 2 for wrong arguments. */
  public static void main(String... arguments) throws IOException {
    // Logback prints everything unless told otherwise, and nothing has logged yet
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "dev/gatlingllm/server/logback-command.xml");
    }
    var command = new ServerCommand(System.out, System.err, ServerCommand::untilStopped);
    int status = command.run(arguments);
    if (status != OK) {
      System.exit(status);
    }
  }

  int run(String... arguments) throws IOException {
    var options = new CommandOptions();
    ServerSettings settings;
    try {
      var parsed = options.parse(arguments);
      if (options.asksForHelp(parsed)) {
        out.println("A simulated OpenAI-compatible LLM server, which runs until it is stopped.\n");
        options.printHelp(out);
        return OK;
      }
      settings = options.settings(parsed);
    } catch (OptionException e) {
      return misused(e.getMessage() + meant(e, options));
    } catch (IllegalArgumentException e) {
      return misused(e.getMessage());
    }
    return run(settings);
  }

  private int run(ServerSettings settings) {
    try (SimulatedServer server = SimulatedServer.start(settings)) {
      out.printf(
          "Simulated LLM server \"%s\" at %s (tokenizer %s%s%s, stop with Ctrl-C)%n",
          settings.modelName(),
          server.baseUrl(),
          settings.tokenizer().name(),
          settings.tls().isSelfSigned() ? ", self-signed certificate" : "",
          settings.apiKeys().isEmpty() ? "" : ", asks for a key");
      whileRunning.accept(server);
      return OK;
    } catch (RuntimeException e) {
      err.println(e.getMessage());
      return FAILED;
    }
  }

  private int misused(String message) {
    err.println(message + " (--help lists the options)");
    return MISUSED;
  }

  private static String meant(OptionException e, CommandOptions options) {
    return NearestName.to(e.options().get(0), options.names())
        .filter(name -> !e.options().contains(name))
        .map(name -> "; did you mean --" + name + "?")
        .orElse("");
  }

  /** Ctrl-C and SIGTERM end the process once the hook has closed the server. */
  private static void untilStopped(SimulatedServer server) {
    Runnable stop =
        () -> {
          server.close();
          System.out.println("Simulated LLM server stopped");
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "llm-server-stop"));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
