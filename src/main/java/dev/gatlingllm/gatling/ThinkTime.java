package dev.gatlingllm.gatling;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.Shard;
import io.gatling.commons.validation.Success;
import io.gatling.commons.validation.Validation;
import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.pause.Disabled$;
import io.gatling.core.pause.PauseType;
import io.gatling.core.session.Session;
import io.gatling.core.structure.ScenarioContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import scala.Function1;
import scala.jdk.javaapi.DurationConverters;

/**
 * A pause that depends only on seed and conversation, and after which a request is due. Its real
 * length also depends on the pauses of the simulation, for example {@code disablePauses()}. It
 * begins with the end of the response, also if the load generator needed some time after that. If
 * the script of a turn states a pause, {@link NextTurn} waits for that, and this action does
 * nothing.
 */
public final class ThinkTime extends LlmAction {

  private static final long RANDOM_STREAM = 0x7417;
  private static final String COUNT = SessionVariables.PRIVATE + "thinkTimes";

  private final Function1<Session, Validation<Object>> millis;

  private ThinkTime(
      ScenarioContext context, Function1<Session, Validation<Object>> millis, Action next) {
    super("think time", context.coreComponents(), next);
    this.millis = millis;
  }

  /**
   * Returns a pause.
   *
   * @param seconds draws its length; negative values count as 0
   * @param seed decides the pauses of users without a conversation; those of others depend on the
   *     workload's seed
   * @param shard of which the users without a conversation are, so that each has a pause of its own
   */
  public static ActionBuilder of(Distribution seconds, long seed, Shard shard) {
    return (context, next) -> {
      PauseType pauses = context.pauseType();
      return pauses == Disabled$.MODULE$
          ? next
          : new ThinkTime(
              context,
              pauses.generator(
                  session ->
                      new Success<>(
                          DurationConverters.toScala(draw(session, seconds, seed, shard)))),
              next);
    };
  }

  static Duration draw(Session session, Distribution seconds, long seed, Shard shard) {
    Conversation conversation = SessionVariables.conversation(session);
    long count = count(session);
    SeededRandom random =
        conversation == null
            ? SeededRandom.of(
                seed, RANDOM_STREAM, shard.conversation(session.userId() - 1) + 1, count)
            : conversation.random(RANDOM_STREAM, count);
    return Duration.ofNanos((long) (Math.max(0, seconds.draw(random)) * 1e9));
  }

  private static long count(Session session) {
    Long count = new io.gatling.javaapi.core.Session(session).get(COUNT);
    return count == null ? 0 : count;
  }

  @Override
  void run(Session session) {
    if (SessionVariables.pause(session).isPresent()) {
      next().$bang(session);
    } else if (millis.apply(session) instanceof Success<Object> pause) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(((Number) pause.value()).longValue());
      long now = System.nanoTime();
      Session paused = session.set(COUNT, count(session) + 1);
      SessionVariables.goOnAt(
          SessionVariables.dueNanos(session, now) + nanos, paused, next()::$bang);
    } else {
      crash(session, "the length of the pause is unknown");
    }
  }
}
