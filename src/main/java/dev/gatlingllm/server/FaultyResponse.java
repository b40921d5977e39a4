package dev.gatlingllm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.ResponseJson.Usage;
import dev.gatlingllm.server.engine.Generation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Applies a fault to a response: forwards the engine's events to the regular listener, delays them
 * or ends the response at the fault's position, and installs the {@link EventFilter} that changes
 * how events are sent. Delayed tokens are timestamped when they are written. Used on the event loop
 * of the request.
 */
final class FaultyResponse implements Generation.Listener {

  /** The number of tokens per chunk for the fault {@code glue}. */
  private static final int GLUED_TOKENS = 4;

  private final Fault fault;
  private final Generation.Listener regular;
  private final HttpExchange exchange;
  private final TruthRecorder truth;
  private final Runnable cancel;
  private final BrokenContent broken;
  private final boolean streamed;
  private final int tokens;
  private final EventFilter.Glue glue = new EventFilter.Glue();
  private final Queue<Runnable> delayed = new ArrayDeque<>();

  private int received;
  private boolean delaying;
  private boolean ended;

  /**
   * @param regular writes the response without the fault
   * @param cancel ends the generation of all choices
   */
  FaultyResponse(
      Fault fault,
      ResponseChoice choice,
      Generation.Listener regular,
      HttpExchange exchange,
      TruthRecorder truth,
      Runnable cancel,
      ResponseJson json,
      boolean streamed) {
    this.tokens = choice.completion().tokens();
    this.fault = fault.in(tokens, choice.completion().hash());
    this.regular = regular;
    this.exchange = exchange;
    this.truth = truth;
    this.cancel = cancel;
    this.broken = new BrokenContent(json, choice);
    this.streamed = streamed;
    truth.setFault(this.fault);
  }

  @Override
  public void admitted(long nanos) {
    switch (fault.kind()) {
      case CLOSE -> exchange.closeAfterwards();
      case NO_DONE -> addFilter(new EventFilter.WithoutDone());
      case DRIBBLE -> addFilter(new EventFilter.Dribble());
      case GLUE -> addFilter(glue);
      default -> {}
    }
    regular.admitted(nanos);
    if (fault.kind() == FaultKind.LATE_FIRST_TOKEN) {
      delay();
    }
    delaying |= isGlued();
  }

  private void addFilter(EventFilter filter) {
    if (streamed) {
      exchange.addFilter(filter);
    }
  }

  private boolean isGlued() {
    return streamed && fault.kind() == FaultKind.GLUE;
  }

  @Override
  public void prefillStarted(int cachedTokens, long nanos) {
    regular.prefillStarted(cachedTokens, nanos);
  }

  @Override
  public void prefillEnded(long nanos) {
    regular.prefillEnded(nanos);
  }

  @Override
  public void tokens(int count, long dueNanos) {
    for (int i = 0; i < count; i++) {
      token(received++, dueNanos);
    }
  }

  private void token(int index, long dueNanos) {
    runOrDelay(
        () -> {
          applyAt(index);
          runOrDelay(() -> regular.tokens(1, dueNanos));
        });
    if (isGlued() && delayed.size() == GLUED_TOKENS) {
      release();
      glue.flush();
      delaying = true;
    }
  }

  @Override
  public void finished() {
    if (isGlued()) {
      release();
    }
    runOrDelay(
        () -> {
          applyAt(tokens);
          runOrDelay(regular::finished);
        });
  }

  /** Runs a task now, after the delay, or never if the response has ended. */
  private void runOrDelay(Runnable task) {
    if (delaying) {
      delayed.add(task);
    } else if (!ended) {
      task.run();
    }
  }

  private void applyAt(int index) {
    if (fault.after() != index) {
      return;
    }
    if (fault.kind() == FaultKind.STALL) {
      delay();
    } else if (streamed) {
      breakStream();
    } else {
      breakBody();
    }
  }

  private void delay() {
    delaying = true;
    exchange.loop().schedule(this::release, fault.time().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void release() {
    delaying = false;
    ended |= exchange.isDisconnected();
    while (!delayed.isEmpty()) {
      runOrDelay(delayed.remove());
    }
  }

  private void breakStream() {
    if (fault.kind() == FaultKind.MALFORMED) {
      exchange.writeEvent(broken.malformedEvent());
      exchange.flush();
      return;
    }
    end();
    switch (fault.kind()) {
      case RESET -> exchange.reset();
      case CUT_CHARACTER -> exchange.writeEvent(broken.cutCharacter());
      case ERROR_FRAME -> {
        exchange.writeEvent(ServerSentEvents.of(OpenAiError.failed().body()));
        exchange.writeEvent(ServerSentEvents.done());
      }
      default -> {}
    }
    if (fault.kind() != FaultKind.RESET) {
      exchange.endEvents();
    }
  }

  /** Applies the fault to a response that is not streamed. */
  private void breakBody() {
    if (fault.kind() == FaultKind.RESET) {
      end();
      exchange.reset();
      return;
    }
    truth.recordFirstWrite();
    end();
    exchange.send(
        fault.kind() == FaultKind.ERROR_FRAME
            ? OpenAiError.failed().body()
            : broken.malformedBody());
  }

  private void end() {
    ended = true;
    delayed.clear();
    cancel.run();
    truth.end(RequestOutcome.FAULT);
  }

  /** Invalid content that replaces a valid event or body. */
  private record BrokenContent(ResponseJson json, ResponseChoice choice) {

    /** The euro sign, three bytes in UTF-8. */
    private static final byte[] CHARACTER = "€".getBytes(UTF_8);

    /** Returns an event with the first half of a chunk. */
    ByteBuf malformedEvent() {
      return ServerSentEvents.of(half(token()));
    }

    byte[] malformedBody() {
      return half(Json.bytes(json.whole(List.of(), new Usage(0, 0, null, null))));
    }

    /** Returns the beginning of an event, up to the middle of a character. */
    ByteBuf cutCharacter() {
      String chunk = new String(token(), UTF_8);
      byte[] beforeText = chunk.substring(0, chunk.lastIndexOf("\"\"") + 1).getBytes(UTF_8);
      return Unpooled.wrappedBuffer(
          ServerSentEvents.FIELD, beforeText, Arrays.copyOf(CHARACTER, CHARACTER.length - 1));
    }

    private byte[] token() {
      return Json.bytes(json.tokens(choice.index(), choice.completion().lastPart(), "", null));
    }

    private static byte[] half(byte[] json) {
      return Arrays.copyOf(json, json.length / 2);
    }
  }
}
