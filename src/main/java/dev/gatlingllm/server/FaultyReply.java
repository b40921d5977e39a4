package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import dev.gatlingllm.server.engine.Generation;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A reply on its way to a fault: passes on what the engine says, holds it back or ends it where the
 * fault strikes, and puts the filter before a connection on which the bytes are to travel oddly.
 * Tokens that are held back are stamped when they go out. On the event loop of its request.
 */
final class FaultyReply implements Generation.Listener {

  /** So many tokens share a chunk where events are glued together. */
  private static final int GLUED = 4;

  private final Fault fault;
  private final Generation.Listener good;
  private final Exchange exchange;
  private final Trace trace;
  private final Runnable cancel;
  private final FaultyEvents events;
  private final boolean streamed;
  private final int tokens;
  private final GluedEvents glue = new GluedEvents();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private int come;
  private boolean holding;
  private boolean over;

  /**
   * @param good the reply as it would be
   * @param cancel ends the whole response
   */
  FaultyReply(
      Fault fault,
      Choice choice,
      Generation.Listener good,
      Exchange exchange,
      Trace trace,
      Runnable cancel,
      ReplyJson json,
      boolean streamed) {
    this.tokens = choice.reply().tokens();
    this.fault = fault.in(tokens, choice.reply().hash());
    this.good = good;
    this.exchange = exchange;
    this.trace = trace;
    this.cancel = cancel;
    this.events = new FaultyEvents(json, choice);
    this.streamed = streamed;
    trace.meets(this.fault);
  }

  @Override
  public void admitted(long nanos) {
    switch (fault.kind()) {
      case CLOSE -> exchange.closeAfterwards();
      case NO_DONE -> filter(new EventsWithoutDone());
      case DRIBBLE -> filter(new DribbledEvents());
      case GLUE -> filter(glue);
      default -> {}
    }
    good.admitted(nanos);
    if (fault.kind() == FaultKind.LATE_FIRST_TOKEN) {
      hold();
    }
    holding |= glues();
  }

  private void filter(EventFilter filter) {
    if (streamed) {
      exchange.filter(filter);
    }
  }

  private boolean glues() {
    return streamed && fault.kind() == FaultKind.GLUE;
  }

  @Override
  public void prefillStarted(int cachedTokens, long nanos) {
    good.prefillStarted(cachedTokens, nanos);
  }

  @Override
  public void prefillEnded(long nanos) {
    good.prefillEnded(nanos);
  }

  @Override
  public void tokens(int count, long dueNanos) {
    for (int i = 0; i < count; i++) {
      token(come++, dueNanos);
    }
  }

  private void token(int index, long dueNanos) {
    pass(
        () -> {
          strikeIfDue(index);
          pass(() -> good.tokens(1, dueNanos));
        });
    if (glues() && held.size() == GLUED) {
      release();
      glue.letThrough();
      holding = true;
    }
  }

  @Override
  public void finished() {
    if (glues()) {
      release();
    }
    pass(
        () -> {
          strikeIfDue(tokens);
          pass(good::finished);
        });
  }

  /** Lets it happen now, later, or never. */
  private void pass(Runnable event) {
    if (holding) {
      held.add(event);
    } else if (!over) {
      event.run();
    }
  }

  private void strikeIfDue(int index) {
    if (fault.after() != index) {
      return;
    }
    if (fault.kind() == FaultKind.STALL) {
      hold();
    } else if (streamed) {
      strikeStream();
    } else {
      strikeWhole();
    }
  }

  private void hold() {
    holding = true;
    exchange.loop().schedule(this::release, fault.time().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void release() {
    holding = false;
    over |= exchange.gone();
    while (!held.isEmpty()) {
      pass(held.remove());
    }
  }

  private void strikeStream() {
    if (fault.kind() == FaultKind.MALFORMED) {
      exchange.event(events.malformed());
      exchange.flush();
      return;
    }
    end();
    switch (fault.kind()) {
      case RESET -> exchange.reset();
      case CUT_CHARACTER -> exchange.event(events.cutCharacter());
      case ERROR_FRAME -> {
        exchange.event(FaultyEvents.error());
        exchange.event(Events.done());
      }
      default -> {}
    }
    if (fault.kind() != FaultKind.RESET) {
      exchange.endEvents();
    }
  }

  /** What is wrong with a stream is here wrong with the one body. */
  private void strikeWhole() {
    if (fault.kind() == FaultKind.RESET) {
      end();
      exchange.reset();
      return;
    }
    trace.firstWrite();
    end();
    exchange.answer(
        HttpResponseStatus.OK,
        fault.kind() == FaultKind.ERROR_FRAME
            ? OpenAiError.failed().body()
            : events.malformedBody());
  }

  private void end() {
    over = true;
    held.clear();
    cancel.run();
    trace.end(Outcome.FAULT);
  }
}
