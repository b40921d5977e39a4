package dev.gatlingllm.gatling;

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
 * The first check of a timed request: whether the response succeeded. Because it is a check, a
 * failure becomes Gatling's own KO with the server's message in Gatling's error table, and the
 * user's checks after it still run and save what they find.
 */
final class ResponseCheck implements Check<Response> {

  private final PendingResponse pending;

  private ResponseCheck(PendingResponse pending) {
    this.pending = pending;
  }

  static HttpCheck on(PendingResponse pending) {
    return new HttpCheck(new ResponseCheck(pending), HttpCheckScope.Status$.MODULE$);
  }

  @Override
  public Validation<CheckResult> check(
      Response response, Session session, Map<Object, Object> preparedCache) {
    String failure = pending.describeFailure();
    return failure == null ? CheckResult.NoopCheckResultSuccess() : failed(failure);
  }

  /** Scala's {@code Failure} is a {@code Validation} of anything, which Java's types cannot say. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Validation<CheckResult> failed(String message) {
    return (Validation) new Failure(message);
  }

  @Override
  public Check<Response> checkIf(Function1<Session, Validation<Object>> condition) {
    throw new UnsupportedOperationException("this check applies to every response");
  }

  @Override
  public Check<Response> checkIf(Function2<Response, Session, Validation<Object>> condition) {
    throw new UnsupportedOperationException("this check applies to every response");
  }
}
