package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.gatling.RunObserver;
import dev.gatlingllm.gatling.TokenRun;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.metrics.ResponseSink;
import dev.gatlingllm.report.RunFolder;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A short load to whose machine something happens at a {@link Moment}, as the properties {@code
 * moment} and {@code event} say.
 */
public class Interrupted extends Simulation {

  static final int USERS = 4;

  /** Turns of each user of a load that ends by itself. */
  static final int TURNS = 10;

  /** Turns of each user of a load that a signal ends, however late the process handles it. */
  static final int TURNS_UNTIL_SIGNAL = 1_000;

  enum Moment {
    /** The simulation is built, and no request was sent. */
    BEFORE_THE_LOAD,
    /** Half of the responses of a load that ends by itself have ended. */
    DURING_THE_LOAD,
    /** The load has ended, and nothing was written yet but what is written during the load. */
    BEFORE_THE_FILES,
    /** Gatling writes its report. */
    DURING_THE_REPORT,
    /** All is written, and the process ends. */
    AFTER_THE_REPORT
  }

  enum Event {
    INT(2),
    KILL(9),
    TERM(15),
    /** The disk runs full. */
    FULL_DISK(0),
    /** Folders have the names of files that are to be written. */
    OBSTACLES(0),
    NONE(0);

    private final int signal;

    Event(int signal) {
      this.signal = signal;
    }

    /** Returns the exit status of a process that the signal ends. */
    int exit() {
      return 128 + signal;
    }
  }

  private final class Interruption implements RunObserver, ResponseSink {

    private final Moment moment = Moment.valueOf(System.getProperty("moment"));
    private final Event event = Event.valueOf(System.getProperty("event"));
    private Path folder;
    private int responses;

    int turns() {
      boolean isStopped = moment.compareTo(Moment.DURING_THE_LOAD) <= 0 && event.signal > 0;
      return isStopped ? TURNS_UNTIL_SIGNAL : TURNS;
    }

    @Override
    public List<ResponseSink> sinks(TokenRun run) {
      folder = RunFolder.find().orElseThrow();
      return List.of(this);
    }

    @Override
    public void prepared(TokenRun run) {
      at(Moment.BEFORE_THE_LOAD);
    }

    @Override
    public void accept(Response response, String iteration) {
      if (++responses == USERS * TURNS / 2) {
        at(Moment.DURING_THE_LOAD);
      }
    }

    @Override
    public void close() {
      at(Moment.BEFORE_THE_FILES);
    }

    @Override
    public void loadEnded(TokenRun run) {
      Thread watch =
          new Thread(
              () -> {
                while (!Files.exists(folder.resolve("js"))) {
                  Thread.onSpinWait();
                }
                at(Moment.DURING_THE_REPORT);
              });
      watch.setDaemon(true);
      watch.start();
    }

    @Override
    public void ended(TokenRun run) {
      at(Moment.AFTER_THE_REPORT);
    }

    private void at(Moment now) {
      if (now != moment) {
        return;
      }
      try {
        switch (event) {
          case FULL_DISK -> fill(folder.resolveSibling("filler"));
          case OBSTACLES -> {
            Files.createDirectory(folder.resolve("tokens.json"));
            Files.createDirectory(folder.resolve("customSmallerIsBetter.json"));
          }
          case NONE -> {}
          default -> send(event);
        }
      } catch (IOException | ReflectiveOperationException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Returns at once after a signal that the process may handle. */
    private void send(Event signal)
        throws IOException, ReflectiveOperationException, InterruptedException {
      if (signal == Event.KILL) {
        new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
        new CountDownLatch(1).await();
      }
      // a program that sends it may start too late; and javac warns of this class of every JDK
      Class<?> type = Class.forName("sun.misc.Signal");
      Object sent = type.getConstructor(String.class).newInstance(signal.name());
      type.getMethod("raise", type).invoke(null, sent);
    }

    private void fill(Path file) throws IOException {
      try (OutputStream filler = Files.newOutputStream(file)) {
        for (byte[] some : List.of(new byte[64 * 1024], new byte[1])) {
          writeUntilFull(filler, some);
        }
      }
    }

    private void writeUntilFull(OutputStream filler, byte[] some) {
      try {
        while (true) {
          filler.write(some);
        }
      } catch (IOException full) {
        // as intended
      }
    }
  }

  {
    Interruption interruption = new Interruption();
    TokenRun.current().addObserver(interruption);
    setUp(
            scenario("short")
                .exec(
                    sharedPrefix()
                        .groups(1)
                        .systemPromptTokens(16)
                        .questionTokens(8)
                        .outputTokens(8)
                        .turns(interruption.turns())
                        .pinned())
                .asLongAs(hasNextTurn())
                .on(chatTurn("turn"))
                .injectOpen(atOnceUsers(USERS)))
        .protocols(llmTarget());
  }
}
