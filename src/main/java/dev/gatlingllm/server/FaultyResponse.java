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
  private final boolean collects;
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
    this.collects =
        streamed && (fault.kind() == FaultKind.GLUE || fault.kind() == FaultKind.BUFFER);
    truth.setFault(this.fault);
  }

  @Override
  public void admitted(long nanos) {
    if (fault.kind() == FaultKind.CLOSE) {
      exchange.closeAfterwards();
    } else if (streamed) {
      changeTransport();
    }
    regular.admitted(nanos);
    if (fault.kind() == FaultKind.LATE_FIRST_TOKEN) {
      delay();
    }
    delaying |= collects;
    if (collects && fault.kind() == FaultKind.BUFFER) {
      sendRegularly();
    }
  }

  private void changeTransport() {
    switch (fault.kind()) {
      case NO_DONE -> exchange.addFilter(new EventFilter.Without(broken.json().lastMark()));
      case NO_FINISH -> exchange.addFilter(new EventFilter.Without(broken.json().finishMark()));
      case NO_END -> exchange.omitEnd();
      case DRIBBLE -> exchange.addFilter(new EventFilter.Dribble());
      case GLUE, BUFFER -> exchange.addFilter(glue);
      default -> {}
    }
  }

  /** Sends what was collected at regular times; the end of the stream sends the rest. */
  private void sendRegularly() {
    Runnable send =
        () -> {
          if (received < tokens && !exchange.isDisconnected()) {
            sendCollected();
            sendRegularly();
          }
        };
    exchange.loop().schedule(send, fault.time().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void sendCollected() {
    release();
    glue.flush();
    delaying = true;
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
    if (fault.kind() == FaultKind.GLUE && collects && delayed.size() == GLUED_TOKENS) {
      sendCollected();
    }
  }

  @Override
  public void finished() {
    if (collects) {
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
    switch (fault.kind()) {
      case STALL -> delay();
      case RESET -> breakConnection(exchange::reset);
      case DISCONNECT -> breakConnection(exchange::disconnect);
      case GOAWAY -> breakConnection(exchange::goAway);
      default -> {
        if (streamed) {
          breakStream();
        } else {
          breakBody();
        }
      }
    }
  }

  private void breakConnection(Runnable fault) {
    end();
    fault.run();
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
      case CUT_CHARACTER -> exchange.writeEvent(broken.cutCharacter());
      case ERROR_FRAME -> sendLast(ServerSentEvents.of(exchange.errorEvent(OpenAiError.failed())));
      case ERROR_FIELD ->
          sendLast(
              broken.json() instanceof OpenAiJson
                  ? broken.errorField()
                  : ServerSentEvents.of(exchange.errorEvent(OpenAiError.failed())));
      case FINISH_ERROR -> sendLast(broken.failedFinish());
      default -> {}
    }
    exchange.endEvents();
  }

  private void sendLast(ByteBuf event) {
    exchange.writeEvent(event);
    if (broken.json() instanceof OpenAiJson openAi) {
      openAi.last().ifPresent(exchange::writeEvent);
    }
  }

  /** Applies the fault to a response that is not streamed. */
  private void breakBody() {
    truth.recordFirstWrite();
    end();
    exchange.send(
        switch (fault.kind()) {
          case ERROR_FRAME, ERROR_FIELD, FINISH_ERROR ->
              Json.bytes(exchange.errorJson(OpenAiError.failed()));
          default -> broken.malformedBody();
        });
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

    /** Returns an error as a field of the event stream, as llama.cpp sends it. */
    ByteBuf errorField() {
      byte[] name = "error: ".getBytes(UTF_8);
      return Unpooled.wrappedBuffer(name, OpenAiError.failed().error(), ServerSentEvents.END);
    }

    ByteBuf failedFinish() {
      return ServerSentEvents.of(json.failedFinish(choice));
    }

    byte[] malformedBody() {
      return half(Json.bytes(json.whole(List.of(json.choice(choice)), new Usage(0, 0, 0, 0))));
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
