package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.LlmDsl;
import dev.gatlingllm.OnAbandon;
import dev.gatlingllm.Patience;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.gatling.Leavers.Departure;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaversTest {

  private static final ConversationScript SCRIPT =
      new ConversationScript() {
        @Override
        public String id() {
          return "any";
        }

        @Override
        public int group() {
          return 0;
        }

        @Override
        public Passage systemPrompt() {
          return Passage.of("be brief", 2);
        }

        @Override
        public int turns() {
          return 3;
        }

        @Override
        public Passage response(int turn) {
          return Passage.of("fine", 1);
        }

        @Override
        public Question question(int turn) {
          return new Question(Passage.of("how?", 2), 8);
        }
      };

  private static Leavers leavers(double share, Patience after) {
    return new Leavers(share, after, OnAbandon.END, 7);
  }

  /** Returns the departures of the first turns of conversations; null for those who stay. */
  private static List<Departure> departures(Leavers leavers, long seed, int from, int to) {
    Conversations conversations =
        new Conversations("", seed, ConversationRules.DEFAULT, PromptFormat.TEXT);
    return IntStream.range(from, to)
        .mapToObj(number -> leavers.of(conversations.begin(number, SCRIPT).next()))
        .toList();
  }

  @Test
  void theShareLeavesAfterDrawnTokens() {
    Leavers leavers = leavers(0.3, LlmDsl.tokens(Distribution.uniform(1, 50)));

    List<Departure> left =
        departures(leavers, 42, 0, 4_000).stream().filter(Objects::nonNull).toList();

    // 4,000 draws: five standard deviations are 145
    assertThat(left).hasSizeBetween(1_055, 1_345);
    assertThat(left.stream().mapToInt(Departure::tokens).average().orElseThrow())
        .isCloseTo(25.5, within(2.5));
  }

  @Test
  void twoRunsAndAllShardsLoseTheSameUsers() {
    Leavers leavers = leavers(0.5, LlmDsl.tokens(Distribution.uniform(1, 50)));

    List<Departure> whole = departures(leavers, 42, 0, 100);
    assertThat(departures(leavers, 42, 0, 100)).isEqualTo(whole);
    assertThat(departures(leavers, 42, 40, 60)).isEqualTo(whole.subList(40, 60));
    assertThat(departures(leavers, 43, 0, 100)).isNotEqualTo(whole);
  }

  @Test
  void nobodyLeavesByDefaultAndEverybodyIfAskedTo() {
    assertThat(departures(leavers(0, LlmDsl.tokens(1)), 42, 0, 100)).containsOnlyNulls();
    assertThat(departures(leavers(1, new Patience(null, Duration.ofSeconds(2))), 42, 0, 100))
        .containsOnly(new Departure(0, 2_000_000_000, true));
  }

  @Test
  void requestsOutsideOfAConversationAreDrawnByUserAndNumber() {
    Leavers leavers = leavers(0.5, LlmDsl.tokens(3));
    Session one = Session$.MODULE$.apply("own", 1, null);
    Session other = Session$.MODULE$.apply("own", 2, null);

    assertThat(ofRequests(leavers, one)).isEqualTo(ofRequests(leavers, one));
    assertThat(ofRequests(leavers, one)).isNotEqualTo(ofRequests(leavers, other));
    assertThat(ofRequests(leavers, one)).contains(new Departure(3, 0, true)).containsNull();
  }

  private static List<Departure> ofRequests(Leavers leavers, Session session) {
    return IntStream.range(0, 50).mapToObj(number -> leavers.of(session, number)).toList();
  }
}
