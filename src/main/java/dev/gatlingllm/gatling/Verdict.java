package dev.gatlingllm.gatling;

import dev.gatlingllm.stream.TokenTimeline;
import io.gatling.commons.validation.Failure;
import io.gatling.commons.validation.Validation;
import io.gatling.core.check.Check;
import io.gatling.core.check.CheckResult;
import io.gatling.core.session.Session;
import io.gatling.http.check.HttpCheck;
import io.gatling.http.check.HttpCheckScope;
import io.gatling.http.response.Response;
import java.util.Map;
import scala.Function1;
import scala.Function2;

/**
 * The first check of a timed request: whether the reply is one. Being a check, it makes Gatling's
 * own KO with the server's words in Gatling's own error table, while the user's checks after it run
 * and save what they find.
 */
final class Verdict implements Check<Response> {

  private final TokenTimeline timeline;
  private final Redaction redaction;

  private Verdict(TokenTimeline timeline, Redaction redaction) {
    this.timeline = timeline;
    this.redaction = redaction;
  }

  static HttpCheck on(TokenTimeline timeline, Redaction redaction) {
    return new HttpCheck(new Verdict(timeline, redaction), HttpCheckScope.Status$.MODULE$);
  }

  @Override
  public Validation<CheckResult> check(
      Response response, Session session, Map<Object, Object> preparedCache) {
    return timeline.ending().good()
        ? CheckResult.NoopCheckResultSuccess()
        : failure(redaction.applied(timeline.ending().describe()));
  }

  /** Scala's {@code Failure} is a {@code Validation} of anything, which Java's types cannot say. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Validation<CheckResult> failure(String message) {
    return (Validation) new Failure(message);
  }

  @Override
  public Check<Response> checkIf(Function1<Session, Validation<Object>> condition) {
    throw new UnsupportedOperationException("the verdict holds for every reply");
  }

  @Override
  public Check<Response> checkIf(Function2<Response, Session, Validation<Object>> condition) {
    throw new UnsupportedOperationException("the verdict holds for every reply");
  }
}
