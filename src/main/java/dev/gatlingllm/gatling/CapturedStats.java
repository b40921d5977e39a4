package dev.gatlingllm.gatling;

import io.gatling.commons.stats.Status;
import io.gatling.core.session.Session;
import io.gatling.http.engine.response.StatsProcessor;
import io.gatling.http.response.HttpResult;
import scala.Option;

/** Gatling's statistics, overheard: which message a request that failed got there. */
final class CapturedStats extends StatsProcessor {

  private final StatsProcessor gatling;
  private String errorMessage = "";

  CapturedStats(StatsProcessor gatling) {
    this.gatling = gatling;
  }

  String errorMessage() {
    return errorMessage;
  }

  @Override
  public void reportStats0(
      String requestName,
      Session session,
      Status status,
      HttpResult result,
      Option<String> message) {
    if (message.isDefined()) {
      errorMessage = message.get();
    }
    gatling.reportStats0(requestName, session, status, result, message);
  }
}
