package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;

/** Sends a fault instead of a response. Runs on the event loop of the request. */
record FaultResponse(Fault fault, HttpExchange exchange, TruthRecorder truth) implements Runnable {

  @Override
  public void run() {
    truth.setFault(fault);
    switch (fault.kind()) {
      case REFUSE -> {
        truth.end(RequestOutcome.FAULT);
        exchange.reset();
      }
      case HANG_UP ->
          exchange.loop().schedule(this::hangUp, fault.time().toNanos(), TimeUnit.NANOSECONDS);
      case RATE_LIMIT -> sendError(OpenAiError.rateLimited());
      case SERVER_ERROR -> sendError(OpenAiError.failed());
      case OVERLOAD -> sendError(OpenAiError.overloaded());
      case ERROR_BODY -> {
        truth.recordFirstWrite();
        truth.end(RequestOutcome.FAULT);
        exchange.beginEvents();
        exchange.writeEvent(
            Unpooled.wrappedBuffer(Json.bytes(exchange.errorJson(OpenAiError.failed()))));
        exchange.endEvents();
      }
      default -> throw new IllegalStateException(fault + " does not replace a response");
    }
  }

  private void hangUp() {
    truth.end(RequestOutcome.FAULT);
    exchange.close();
  }

  private void sendError(OpenAiError error) {
    truth.recordError(error);
    exchange.sendError(error.retryAfter(fault.time()));
  }
}
