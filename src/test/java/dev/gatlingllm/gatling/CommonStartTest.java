package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.settings.SettingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommonStartTest {

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  private final List<String> console = new ArrayList<>();
  private final List<Instant> prepared = new ArrayList<>();
  private Instant now;

  /** Returns the start at noon for a load generator that is ready some time before. */
  private CommonStart readyBefore(Duration left) {
    now = NOON.minus(left);
    return new CommonStart(NOON, () -> now, pause -> now = now.plus(pause), console::add);
  }

  /** Takes 30 ms each time. */
  private boolean prepare() {
    prepared.add(now);
    now = now.plusMillis(30);
    return true;
  }

  @Test
  void startsAtTheMomentAndPreparesMeanwhile() {
    readyBefore(Duration.ofMillis(900)).await(this::prepare);

    assertThat(now).isEqualTo(NOON);
    assertThat(prepared).hasSize(24).allMatch(time -> time.isBefore(NOON.minusMillis(200)));
    assertThat(console)
        .containsExactly(
            "gatling-llm: ready at 2026-11-27T11:59:59Z; the load starts at 2026-11-27T12:00:00Z"
                + " (llm.startAt)");
  }

  @Test
  void waitsForTheRestWhenAllIsPrepared() {
    readyBefore(Duration.ofMinutes(10)).await(() -> prepare() && prepared.size() < 3);

    assertThat(now).isEqualTo(NOON);
    assertThat(prepared).hasSize(3);
  }

  @Test
  void startsAtOnceAndSaysSoIfItIsLate() {
    readyBefore(Duration.ofMillis(-12_345)).await(this::prepare);

    assertThat(now).isEqualTo(NOON.plusMillis(12_345));
    assertThat(prepared).isEmpty();
    assertThat(console)
        .containsExactly(
            "gatling-llm: late: the load starts 12.3 s after 2026-11-27T12:00:00Z (llm.startAt)");
  }

  @Test
  void followsAClockThatIsSetWhileItWaits() {
    now = NOON.minusSeconds(60);
    new CommonStart(NOON, () -> now, pause -> now = now.plus(pause).plusSeconds(20), console::add)
        .await(() -> false);

    assertThat(now).isBefore(NOON.plusSeconds(21));
  }

  @Test
  void rejectsAMomentThatIsFarAhead() {
    readyBefore(Duration.ofHours(24)).check();
    readyBefore(Duration.ofHours(-24)).check();

    assertThatThrownBy(() -> readyBefore(Duration.ofHours(25)).check())
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.startAt must be at most 24 hours ahead, got 2026-11-27T12:00:00Z; the clock of"
                + " this machine says 2026-11-26T11:00:00Z");
  }

  @Test
  void makesTheFirstConversationsOnceAndInOrder() {
    List<Long> made = new ArrayList<>();
    ConversationSource source =
        new ConversationSource(
            number -> {
              made.add(number);
              return Optional.<Conversation>empty();
            },
            Optional.empty());

    assertThat(source.makeNext()).as("no conversation is left").isFalse();
    assertThat(source.feeder()).isExhausted();
    assertThat(made).as("the feeder takes what was made").containsExactly(0L);
  }
}
