package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/** A fault that takes the place of a reply, on the event loop of its request. */
record InsteadOfReply(Fault fault, Exchange exchange, Trace trace) implements Runnable {

  @Override
  public void run() {
    trace.meets(fault);
    switch (fault.kind()) {
      case REFUSE -> {
        trace.end(Outcome.FAULT);
        exchange.reset();
      }
      case HANG_UP -> {
        trace.end(Outcome.FAULT);
        exchange.hangUp();
      }
      case RATE_LIMIT -> answer(OpenAiError.rateLimited());
      case SERVER_ERROR -> answer(OpenAiError.failed());
      case OVERLOAD -> answer(OpenAiError.overloaded());
      case ERROR_BODY -> {
        trace.firstWrite();
        trace.end(Outcome.FAULT);
        exchange.beginEvents();
        exchange.event(Unpooled.wrappedBuffer(OpenAiError.failed().body()));
        exchange.endEvents();
      }
      default -> throw new IllegalStateException(fault + " takes no reply's place");
    }
  }

  private void answer(OpenAiError error) {
    trace.refused(error.status().code());
    exchange.refuse(error, fault.time() == null ? Duration.ZERO : fault.time());
  }
}
