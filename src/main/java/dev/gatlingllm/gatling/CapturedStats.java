package dev.gatlingllm.gatling;

import io.gatling.commons.stats.Status;
import io.gatling.core.session.Session;
import io.gatling.http.engine.response.StatsProcessor;
import io.gatling.http.response.HttpResult;
import scala.Option;

/** Passes everything on to Gatling's statistics, and keeps the message of a failed request. */
final class CapturedStats extends StatsProcessor {

  private final StatsProcessor gatling;
  private final PendingResponse pending;

  CapturedStats(StatsProcessor gatling, PendingResponse pending) {
    this.gatling = gatling;
    this.pending = pending;
  }

  @Override
  public void reportStats0(
      String requestName,
      Session session,
      Status status,
      HttpResult result,
      Option<String> message) {
    if (message.isDefined()) {
      pending.setGatlingsMessage(message.get());
    }
    gatling.reportStats0(requestName, session, status, result, message);
  }
}
