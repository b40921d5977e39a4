package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Parent;
import dev.gatlingllm.workload.ConversationScript.Pause;
import dev.gatlingllm.workload.Shard;
import io.gatling.core.CoreComponents;
import io.gatling.core.pause.Constant$;
import io.gatling.core.pause.Disabled$;
import io.gatling.core.pause.PauseType;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import io.gatling.core.structure.ScenarioContext;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.Option;

/** A request is due when its user is, however long the load generator makes the user wait. */
class DueTimeTest {

  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final EventLoop loop = new DefaultEventLoop();
  private final CompletableFuture<Session> wentOn = new CompletableFuture<>();
  private final CoreComponents core =
      new CoreComponents(null, null, null, Option.empty(), null, null, null, null);
  private final LlmAction next =
      new LlmAction("next", core, null) {
        @Override
        void run(Session session) {
          wentOn.complete(session);
        }
      };

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private Session session() {
    return user(1);
  }

  private Session user(long id) {
    return Session$.MODULE$.apply("chat", id, loop);
  }

  private Session next() throws Exception {
    return wentOn.get(1, TimeUnit.MINUTES);
  }

  private ScenarioContext context(PauseType pauses) {
    return new ScenarioContext(core, null, pauses, false);
  }

  private static Conversation conversation() {
    return conversation(Optional.empty(), new Pause(Duration.ofMinutes(30), Pause.Kind.THINK));
  }

  private static Conversation conversation(Optional<Parent> parent, Pause pause) {
    return new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT)
        .begin(
            0,
            new ConversationScript() {
              @Override
              public String id() {
                return "conversation";
              }

              @Override
              public int group() {
                return 0;
              }

              @Override
              public Passage systemPrompt() {
                return Passage.EMPTY;
              }

              @Override
              public Optional<Parent> parent() {
                return parent;
              }

              @Override
              public int turns() {
                return 2;
              }

              @Override
              public Passage response(int turn) {
                return Passage.EMPTY;
              }

              @Override
              public Question question(int turn) {
                return new Question(
                    Passage.of("why", 1), 1, Map.of(), List.of(), Optional.of(pause));
              }
            });
  }

  @Test
  void firstRequestIsDueBeforeTheConversationIsMade() throws Exception {
    AtomicLong begun = new AtomicLong();
    AtomicLong made = new AtomicLong();
    ConversationSource source =
        new ConversationSource(
            number -> {
              begun.set(System.nanoTime());
              Optional<Conversation> conversation = Optional.of(conversation());
              made.set(System.nanoTime());
              return conversation;
            },
            Optional.empty());

    source.pin(core, next).$bang(source.users.assign(session(), true));

    assertThat(SessionVariables.dueNanos(next(), made.get())).isLessThanOrEqualTo(begun.get());
  }

  @Test
  void pauseAfterADelayDoesNotCountAsOne() {
    Session delayed = SessionVariables.withDelay(session(), 40);

    assertThat(SessionVariables.dueNanos(SessionVariables.withDelay(delayed, 2), 1_000))
        .isEqualTo(958);
    assertThat(SessionVariables.dueNanos(SessionVariables.withoutDelay(delayed), 1_000))
        .isEqualTo(1_000);
  }

  @Test
  void thinkTimePassesWhileTheLoadGeneratorCounts() throws Exception {
    Session delayed = SessionVariables.withDelay(session(), HOUR_NANOS);

    ThinkTime.of(Distribution.constant(3_600), 1, Shard.WHOLE)
        .build(context(Constant$.MODULE$), next)
        .$bang(delayed);

    Session paused = next();
    long now = System.nanoTime();
    assertThat(SessionVariables.dueNanos(paused, now)).isLessThanOrEqualTo(now);
  }

  @Test
  void pauseOfTheScriptTakesThePlaceOfTheThinkTime() throws Exception {
    Session delayed =
        SessionVariables.withDelay(
            SessionVariables.withAll(session(), SessionVariables.ofBeginning(conversation())),
            HOUR_NANOS);
    long begin = System.nanoTime();

    ThinkTime.of(Distribution.constant(3_600), 1, Shard.WHOLE)
        .build(context(Constant$.MODULE$), NextTurn.step().build(context(Constant$.MODULE$), next))
        .$bang(delayed);

    Session underWay = next();
    assertThat(SessionVariables.turn(underWay).number()).isEqualTo(1);
    assertThat(SessionVariables.dueNanos(underWay, begin + HOUR_NANOS))
        .as("half an hour after the response")
        .isLessThanOrEqualTo(begin + HOUR_NANOS / 2);
  }

  @Test
  void turnIsDueAtItsTimeSinceTheBeginningOfTheConversation() throws Exception {
    Pause sinceBeginning = new Pause(Duration.ofMinutes(55), Pause.Kind.THINK, true);
    Conversation secondTurn =
        conversation(Optional.empty(), sinceBeginning).next().succeeded("yes", 1, null);
    long begin = System.nanoTime() - HOUR_NANOS;
    Session begun =
        SessionVariables.withBeginning(
            SessionVariables.withConversation(session(), secondTurn), begin);
    Session tenMinutesAgo = SessionVariables.withDelay(begun, HOUR_NANOS / 6);

    NextTurn.step().build(context(Constant$.MODULE$), next).$bang(tenMinutesAgo);

    assertThat(SessionVariables.dueNanos(next(), System.nanoTime()) - begin)
        .isGreaterThanOrEqualTo(Duration.ofMinutes(55).toNanos());
  }

  @Test
  void agentBeginsAtItsTimeInTheConversationOfItsParent() throws Exception {
    Pause none = new Pause(Duration.ZERO, Pause.Kind.THINK);
    long begin = System.nanoTime() - HOUR_NANOS;
    ConversationSource source =
        new ConversationSource(
            number ->
                Optional.of(
                    conversation(
                        number == 0
                            ? Optional.empty()
                            : Optional.of(new Parent(1, Duration.ofMinutes(59))),
                        none)),
            Optional.of(number -> begin + number));
    CompletableFuture<Session> parent = new CompletableFuture<>();
    LlmAction nextOfParent =
        new LlmAction("next", core, null) {
          @Override
          void run(Session session) {
            parent.complete(session);
          }
        };

    source.pin(core, nextOfParent).$bang(source.users.assign(user(1), true));
    parent.get(1, TimeUnit.MINUTES);
    source.pin(core, next).$bang(source.users.assign(user(2), true));

    assertThat(SessionVariables.dueNanos(next(), System.nanoTime()) - begin)
        .isGreaterThanOrEqualTo(Duration.ofMinutes(59).toNanos());
  }

  @Test
  void disabledPausesLeaveThoseOfTheScriptOut() throws Exception {
    Session session =
        SessionVariables.withAll(session(), SessionVariables.ofBeginning(conversation()));

    NextTurn.step().build(context(Disabled$.MODULE$), next).$bang(session);

    assertThat(SessionVariables.turn(next()).number()).isEqualTo(1);
  }

  @Test
  void usersWithoutConversationPauseInAShardAsInTheWholeLoad() {
    Distribution seconds = Distribution.uniform(1, 1_000);
    Shard second = new Shard(2, 3);

    for (int own = 1; own <= 4; own++) {
      assertThat(ThinkTime.draw(user(own), seconds, 1, second))
          .isEqualTo(ThinkTime.draw(user(own * 3 - 1), seconds, 1, Shard.WHOLE));
    }
  }

  @Test
  void stepsBetweenAThinkTimeAndTheRequestAreNoDelay() throws Exception {
    long begin = System.nanoTime();

    ThinkTime.of(Distribution.constant(0), 1, Shard.WHOLE)
        .build(context(Constant$.MODULE$), next)
        .$bang(session());

    long afterAnHour = begin + HOUR_NANOS;
    Session paused = next();
    long late = System.nanoTime() - begin;
    assertThat(SessionVariables.dueNanos(paused, afterAnHour))
        .isGreaterThanOrEqualTo(afterAnHour - late);
  }
}
