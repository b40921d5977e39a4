package dev.gatlingllm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.server.EngineProfile;
import dev.gatlingllm.server.engine.KvCache.BlockTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  private static final EngineSettings SETTINGS =
      EngineProfile.INSTANT.settings().toBuilder()
          .blockSize(4)
          .kvBlocks(1_000)
          .maxNumSeqs(8)
          .maxNumBatchedTokens(100)
          .build();

  @Test
  void servesInFifoOrderWithinTheBudget() {
    var scheduler = new Scheduler<>(SETTINGS);
    Sequence first = enqueue(scheduler, 0, 60, 2);
    Sequence second = enqueue(scheduler, 1, 60, 2);
    enqueue(scheduler, 2, 10, 2);

    assertThat(scheduler.schedule(0)).containsExactly(first, second);
    assertThat(scheduler.waiting()).isEqualTo(1);
    assertThat(complete(scheduler)).containsExactly(first);
    assertThat(second.computed).isEqualTo(40);
  }

  @Test
  void schedulesDecodingBeforePrefill() {
    var scheduler = new Scheduler<>(SETTINGS);
    Sequence decoding = enqueue(scheduler, 0, 10, 5);
    step(scheduler);
    Sequence reading = enqueue(scheduler, 1, 200, 5);
    List<Sequence> step = scheduler.schedule(0);

    assertThat(step).containsExactly(decoding, reading);
    assertThat(scheduler.prefillTokens()).isEqualTo(99);
    assertThat(scheduler.contextTokens()).isEqualTo(10);
  }

  @Test
  void unchunkedPromptWaitsForEnoughRoom() {
    var scheduler = new Scheduler<>(SETTINGS.toBuilder().chunkedPrefill(false).build());
    Sequence first = enqueue(scheduler, 0, 60, 1);
    Sequence second = enqueue(scheduler, 1, 60, 1);

    assertThat(step(scheduler)).containsExactly(first);
    assertThat(step(scheduler)).containsExactly(second);
  }

  @Test
  void limitsRunningSequences() {
    var scheduler = new Scheduler<>(SETTINGS);
    for (int i = 0; i < 10; i++) {
      enqueue(scheduler, i, 1, 3);
    }
    step(scheduler);

    assertThat(scheduler.running()).isEqualTo(8);
    assertThat(scheduler.waiting()).isEqualTo(2);
  }

  @Test
  void arrivalDuringStepWaitsForNextStep() {
    var scheduler = new Scheduler<>(SETTINGS);
    Sequence late = sequence(0, 1, 1);
    late.arrivalNanos = 11;
    scheduler.enqueue(late);

    assertThat(scheduler.schedule(10)).isEmpty();
    assertThat(scheduler.schedule(11)).containsExactly(late);
  }

  @Test
  void preemptsTheSequenceThatStartedLast() {
    // blocks for 24 tokens
    var scheduler = new Scheduler<>(SETTINGS.toBuilder().kvBlocks(6).build());
    Sequence first = enqueue(scheduler, 0, 8, 12);
    Sequence second = enqueue(scheduler, 1, 8, 12);
    for (int i = 0; i < 5; i++) {
      assertThat(step(scheduler)).containsExactly(first, second);
    }
    // both need a fourth block for their thirteenth token
    assertThat(step(scheduler)).containsExactly(first);
    assertThat(scheduler.preemptions()).isEqualTo(1);
    assertThat(scheduler.waiting()).isEqualTo(1);
    assertThat(second.blocks.size).isZero();

    List<Sequence> tokens = new ArrayList<>();
    while (!second.ended) {
      tokens.addAll(step(scheduler));
    }
    assertThat(first.generated).isEqualTo(12);
    assertThat(second.generated).isEqualTo(12);
    assertThat(tokens).filteredOn(second::equals).hasSize(7);
    assertThat(scheduler.cacheUsage()).isZero();
  }

  @Test
  void admitsNoSequenceInPreemptingStep() {
    var scheduler =
        new Scheduler<>(
            SETTINGS.toBuilder().kvBlocks(14).maxNumBatchedTokens(20).prefixCaching(false).build());
    Sequence first = enqueue(scheduler, 0, 8, 20);
    enqueue(scheduler, 1, 39, 20);
    while (scheduler.preemptions() == 0) {
      step(scheduler);
    }

    assertThat(scheduler.step()).containsExactly(first);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void preemptedSequenceReusesItsCachedBlocks() {
    var scheduler = new Scheduler<>(SETTINGS.toBuilder().kvBlocks(6).build());
    Sequence first = enqueue(scheduler, 0, 8, 6);
    Sequence second = enqueue(scheduler, 1, 8, 12);
    while (!first.ended) {
      step(scheduler);
    }
    List<Sequence> step = scheduler.schedule(0);

    assertThat(scheduler.preemptions()).isEqualTo(1);
    assertThat(step).containsExactly(second);
    // the last of its three full blocks went to the first sequence
    assertThat(second.computed).isEqualTo(8);
    assertThat(scheduler.prefillTokens()).isEqualTo(5);
  }

  @Test
  void growingConversationHitsAllFullBlocks() {
    var scheduler = new Scheduler<>(SETTINGS);
    int said = 0;
    for (int prompt = 9; prompt < 200; prompt += 30) {
      Sequence turn = enqueue(scheduler, 0, prompt, 7);
      scheduler.schedule(0);

      // the last token of a response is never computed
      assertThat(turn.computed).isEqualTo(Math.max(0, said - 1) / 4 * 4);
      complete(scheduler);
      while (!turn.ended) {
        step(scheduler);
      }
      said = prompt + 7;
    }
  }

  @Test
  void groupsHitTheirPrefixesWhileTheyFit() {
    // three prompts of 10 blocks, and a response in one more block
    var scheduler = new Scheduler<>(SETTINGS.toBuilder().kvBlocks(33).build());
    for (int group = 1; group <= 3; group++) {
      assertThat(cached(scheduler, group, 40)).isZero();
    }
    for (int group = 1; group <= 3; group++) {
      assertThat(cached(scheduler, group, 40)).isEqualTo(36);
    }
    // a fourth prompt evicts the least recently used blocks, those of the first
    assertThat(cached(scheduler, 4, 40)).isZero();
    assertThat(cached(scheduler, 3, 40)).isEqualTo(36);
    assertThat(cached(scheduler, 1, 40)).isLessThan(36);
  }

  @Test
  void abortReleasesSlotAndBlocks() {
    var scheduler = new Scheduler<>(SETTINGS.toBuilder().maxNumSeqs(1).build());
    Sequence leaving = enqueue(scheduler, 0, 8, 100);
    Sequence next = enqueue(scheduler, 1, 8, 1);
    Sequence leavingToo = enqueue(scheduler, 2, 8, 1);
    scheduler.schedule(0);
    scheduler.abort(leaving);
    scheduler.abort(leavingToo);

    assertThat(complete(scheduler)).isEmpty();
    assertThat(scheduler.cacheUsage()).isZero();
    assertThat(step(scheduler)).containsExactly(next);
    assertThat(scheduler.waiting()).isZero();
  }

  /** Returns the cached tokens of a prompt with a response of one token. */
  private static int cached(Scheduler<Sequence> scheduler, int group, int promptTokens) {
    Sequence sequence = enqueue(scheduler, group, promptTokens, 1);
    scheduler.schedule(0);
    int cached = sequence.computed;
    complete(scheduler);
    return cached;
  }

  private static Sequence enqueue(
      Scheduler<Sequence> scheduler, int group, int promptTokens, int outputTokens) {
    Sequence sequence = sequence(group, promptTokens, outputTokens);
    scheduler.enqueue(sequence);
    return sequence;
  }

  /** All sequences of a group have the same prefix. */
  private static Sequence sequence(int group, int promptTokens, int outputTokens) {
    int all = promptTokens + outputTokens;
    int[] tokens = IntStream.range(0, all).map(i -> 100_000 * group + i).toArray();
    return new Sequence(promptTokens, outputTokens, new BlockTable(0, tokens, 4));
  }

  /** Schedules and completes a step; returns the sequences that got a token. */
  private static List<Sequence> step(Scheduler<Sequence> scheduler) {
    scheduler.schedule(0);
    return complete(scheduler);
  }

  private static List<Sequence> complete(Scheduler<Sequence> scheduler) {
    return scheduler.step().stream().filter(scheduler::complete).toList();
  }
}
