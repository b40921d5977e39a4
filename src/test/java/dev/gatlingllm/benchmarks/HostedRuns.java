package dev.gatlingllm.benchmarks;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import com.typesafe.config.ConfigFactory;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.server.SimulatedServer;
import dev.gatlingllm.settings.LlmSettings;
import io.gatling.app.Gatling$;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Runs simulations one after the other in this process, each as a process of its own would: with
 * its own system properties and settings, its own output, and all that a run does when its process
 * ends. Each line of the input names a file of properties that describes a run; its exit status is
 * printed when it has ended.
 */
public final class HostedRuns {

  static final String SIMULATION = "hosted.simulation";
  static final String RESULTS = "hosted.results";
  static final String OUTPUT = "hosted.output";

  private HostedRuns() {}

  /** Passes on what is printed to the file of the run. */
  private static final class Output extends OutputStream {

    private OutputStream file = OutputStream.nullOutputStream();

    synchronized void to(OutputStream next) throws IOException {
      file.close();
      file = next;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      file.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
      file.write(bytes, from, length);
    }
  }

  /**
   * Runs what the input names, until it ends.
   *
   * @throws Exception if a simulation cannot be run; this process ends with it
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    Output output = new Output();
    PrintStream printed = new PrintStream(output, true, StandardCharsets.UTF_8);
    System.setOut(printed);
    System.setErr(printed);
    Properties own = System.getProperties();
    BufferedReader runs = new BufferedReader(new InputStreamReader(System.in));
    for (String run = runs.readLine(); run != null; run = runs.readLine()) {
      Properties described = new Properties();
      try (Reader file = Files.newBufferedReader(Path.of(run))) {
        described.load(file);
      }
      output.to(Files.newOutputStream(Path.of(described.getProperty(OUTPUT))));
      Properties properties = (Properties) own.clone();
      properties.putAll(described);
      System.setProperties(properties);
      answers.println(run(described.getProperty(SIMULATION), described.getProperty(RESULTS)));
      answers.flush();
    }
    System.exit(0);
  }

  private static int run(String simulation, String results) throws ReflectiveOperationException {
    String[] arguments = {"-s", simulation, "-rf", results};
    // where a run finds the arguments of its process
    System.setProperty("sun.java.command", "io.gatling.app.Gatling " + String.join(" ", arguments));
    ConfigFactory.invalidateCaches();
    restartLog();
    forget(LlmSettings.class, "loaded");
    int status = Gatling$.MODULE$.fromArgs(arguments);
    // of an incomplete run it ends this process, too
    Method end = TokenRun.class.getDeclaredMethod("endProcess");
    end.setAccessible(true);
    end.invoke(null);
    // its prefix cache has the prompts of this run
    if (forget(Class.forName("dev.gatlingllm.LlmTarget"), "embedded")
        instanceof SimulatedServer server) {
      server.close();
    }
    return status;
  }

  /** Empties a static field, and returns what it had. */
  private static @Nullable Object forget(Class<?> type, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    Object had = field.get(null);
    field.set(null, null);
    return had;
  }

  /** Gatling stops the log at the end of a run. */
  private static void restartLog() {
    LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
    log.reset();
    try {
      new ContextInitializer(log).autoConfig();
    } catch (JoranException e) {
      throw new IllegalStateException(e);
    }
    log.start();
  }
}
