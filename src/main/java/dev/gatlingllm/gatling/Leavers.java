package dev.gatlingllm.gatling;

import dev.gatlingllm.OnAbandon;
import dev.gatlingllm.Patience;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import io.gatling.core.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * Which users abandon a response before its end.
 *
 * @param share of the responses, from 0 to 1
 * @param after how much of the response
 * @param onAbandon what their conversation does then
 * @param seed draws them where there is no conversation
 */
public record Leavers(double share, Patience after, OnAbandon onAbandon, long seed) {

  private static final long RANDOM = 0xABA;

  /**
   * When the user abandons one response.
   *
   * @param tokens output tokens after which the user leaves; 0 for a time
   * @param nanos time from the moment the request is written, where tokens are 0
   * @param endsConversation whether the conversation ends then
   */
  record Departure(int tokens, long nanos, boolean endsConversation) {}

  /** Returns those of the settings. */
  public static Leavers of(LlmSettings settings) {
    return new Leavers(
        settings.get(Setting.ABANDON),
        settings.get(Setting.ABANDON_AFTER),
        settings.get(Setting.ON_ABANDON),
        settings.get(Setting.SEED));
  }

  /**
   * Returns when the user abandons the response to a turn; null for a user who stays. Depends on
   * the workload's seed, the conversation and the turn alone, so that retries, other runs and
   * shards draw the same.
   */
  @Nullable Departure of(Turn turn) {
    return share == 0 ? null : drawn(turn.conversation().random(RANDOM, turn.number()));
  }

  /**
   * Returns the same for a request outside of a conversation. Depends on the seed, the user and how
   * many such requests the user has sent.
   */
  @Nullable Departure of(Session session, int request) {
    return share == 0 ? null : drawn(SeededRandom.of(seed, RANDOM, session.userId(), request));
  }

  private @Nullable Departure drawn(SeededRandom random) {
    return random.nextDouble() >= share
        ? null
        : new Departure(
            after.drawTokens(random), after.time().toNanos(), onAbandon == OnAbandon.END);
  }
}
