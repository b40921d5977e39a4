package dev.gatlingllm.gatling;

import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.ConversationScript.Pause;
import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.pause.Disabled$;
import io.gatling.core.session.Session;
import io.gatling.core.structure.ScenarioContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advances the user's conversation: its next turn is under way, until a {@link TimedAction} has
 * sent it and its response has ended. Waits before where the script states a pause: counted from
 * the end of the last response, unless pauses are disabled.
 */
public final class NextTurn extends LlmAction {

  private static final Logger LOGGER = LoggerFactory.getLogger(NextTurn.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final AtomicBoolean WARNED_OF_NONE = new AtomicBoolean();

  private final boolean pauses;
  private final UnaryOperator<Session> texts;

  /** Sends the turn and reports what goes wrong; empty where the scenario has a step of its own. */
  private final Optional<TimedAction> request;

  private NextTurn(
      String name,
      ScenarioContext context,
      UnaryOperator<Session> texts,
      Optional<TimedAction> request,
      Action next) {
    super(name, context.coreComponents(), next);
    this.pauses = context.pauseType() != Disabled$.MODULE$;
    this.texts = texts;
    this.request = request;
  }

  /**
   * Returns a step of a scenario. It also sets the variables that only requests of the user's own
   * need.
   *
   * @throws IllegalArgumentException for settings that no chat request can have
   */
  public static ActionBuilder step() {
    LlmSettings settings = LlmSettings.get();
    BodyShape shape = settings.messagesShape();
    ModelChoice models = settings.models();
    long seed = settings.get(Setting.SEED);
    return (context, next) ->
        new NextTurn(
            "nextTurn",
            context,
            session ->
                SessionVariables.withTexts(session, shape, turn -> models.orOfWorkload(seed, turn)),
            Optional.empty(),
            next);
  }

  /**
   * Returns whether a user has a conversation that has another turn. One that has begun and has no
   * end of its own has none once the window has passed.
   */
  public static boolean exists(io.gatling.javaapi.core.Session session) {
    Conversation conversation = SessionVariables.conversation(session);
    if (conversation == null
        && !SessionVariables.isExhausted(session)
        && !WARNED_OF_NONE.getAndSet(true)) {
      LOGGER.warn(
          "hasNextTurn() found no conversation in the session; put exec(workload.pinned()) or"
              + " feed(workload.feeder()) before it, unless the scenario feeds one later");
    }
    return conversation != null
        && conversation.hasNextTurn()
        && !(conversation.goesOnForEver() && TokenRun.current().isPastWindow());
  }

  /** Returns the first half of a turn whose second half is a timed request. */
  static NextTurn before(TimedAction request, ScenarioContext context) {
    return new NextTurn(request.name(), context, session -> session, Optional.of(request), request);
  }

  @Override
  void run(Session session) {
    Optional<Pause> pause = pauses ? SessionVariables.pause(session) : Optional.empty();
    if (pause.isEmpty()) {
      advance(session);
      return;
    }
    long now = SessionVariables.dueNanos(session, System.nanoTime());
    Session begun = SessionVariables.withBeginning(session, now);
    long nanos = pause.get().length().toNanos();
    long due =
        pause.get().sinceBeginning()
            ? Math.max(now, SessionVariables.beginningNanos(begun) + nanos)
            : now + nanos;
    SessionVariables.goOnAt(
        due,
        begun,
        paused -> {
          try {
            advance(paused);
          } catch (Throwable problem) {
            crash(paused, problem);
          }
        });
  }

  private void advance(Session session) {
    if (SessionVariables.turn(session) != null && !WARNED.getAndSet(true)) {
      LOGGER.warn(
          "A turn was not sent before the next one, and its conversation goes on without it; end"
              + " its request with asTurn(), unless the scenario skips turns on purpose");
    }
    next().$bang(texts.apply(SessionVariables.withNextTurn(session)));
  }

  @Override
  void crash(Session session, String message) {
    if (request.isPresent()) {
      request.get().crash(SessionVariables.withoutTurn(session), message);
    } else {
      super.crash(SessionVariables.withFailedTurn(session), message);
    }
  }
}
