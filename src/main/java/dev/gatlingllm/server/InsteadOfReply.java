package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.Outcome;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
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
    exchange.answer(error.status(), error.body(), retryAfter());
  }

  private HttpHeaders retryAfter() {
    HttpHeaders headers = new DefaultHttpHeaders();
    Duration time = fault.time();
    if (time != null && !time.isZero()) {
      // whole seconds are all that the header knows
      headers.set(HttpHeaderNames.RETRY_AFTER, time.plusNanos(999_999_999).toSeconds());
    }
    return headers;
  }
}
