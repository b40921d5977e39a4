package dev.gatlingllm.conversation;

import static dev.gatlingllm.conversation.Scripts.OUTPUT_TOKENS;
import static dev.gatlingllm.conversation.Scripts.SYSTEM_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.ContextPolicy;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTest {

  private static ConversationRules rules(int limit, ContextPolicy policy, FailurePolicy failure) {
    return new ConversationRules(limit, policy, failure, ReplyInHistory.RECEIVED);
  }

  private static ConversationRules onFailure(FailurePolicy policy) {
    return rules(ConversationRules.UNLIMITED, ContextPolicy.DROP_OLDEST, policy);
  }

  private static Conversations conversations() {
    return new Conversations("", Scripts.SEED, ConversationRules.DEFAULT, PromptFormat.TEXT);
  }

  /** A successful turn, or a failed one if the length of the response is 0. */
  private static Conversation after(Turn turn, int replyTokens) {
    return replyTokens == 0 ? turn.failed() : turn.succeeded("reply", replyTokens, null);
  }

  @Property
  void promptHasPrefixSuccessfulTurnsAndQuestion(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 40) Integer> responses) {
    Conversation conversation = Scripts.conversation(responses.size(), ConversationRules.DEFAULT);
    int historyTokens = 0;
    for (int i = 0; i < responses.size(); i++) {
      int questionTokens = 11 + i;
      Turn turn = conversation.next();

      assertThat(turn.number()).isEqualTo(i + 1);
      assertThat(turn.contextTokens()).isEqualTo(SYSTEM_TOKENS + historyTokens);
      assertThat(turn.promptTokens()).isEqualTo(SYSTEM_TOKENS + historyTokens + questionTokens);

      conversation = after(turn, responses.get(i));
      historyTokens += responses.get(i) == 0 ? 0 : questionTokens + responses.get(i);
      assertThat(conversation.contextTokens()).isEqualTo(SYSTEM_TOKENS + historyTokens);
    }
    assertThat(conversation.hasNextTurn()).isFalse();
  }

  @Test
  void promptHasASystemMessageAndTwoMessagesForEachTurnThatItCarries() {
    Conversation conversation = Scripts.conversation(3, ConversationRules.DEFAULT);
    assertThat(conversation.next().messages()).isEqualTo(2);

    conversation = after(conversation.next(), 5);
    assertThat(conversation.next().messages()).isEqualTo(4);

    conversation = after(conversation.next(), 0);
    assertThat(conversation.next().messages()).as("a failed turn is not carried").isEqualTo(4);
  }

  @Test
  void anAbandonedTurnIsNotInTheHistoryAndEndsTheConversationOrNot() {
    Conversation begun = after(Scripts.conversation(3, ConversationRules.DEFAULT).next(), 5);

    Conversation goesOn = begun.next().abandoned(false);
    assertThat(goesOn.nextTurn()).isEqualTo(3);
    assertThat(goesOn.contextTokens()).isEqualTo(begun.contextTokens());
    assertThat(goesOn.hasNextTurn()).isTrue();

    Conversation ended = begun.next().abandoned(true);
    assertThat(ended.hasNextTurn()).isFalse();
    assertThatThrownBy(ended::next).hasMessageContaining("was abandoned and has no turn 3");
  }

  @Property
  void dropOldestKeepsPromptsWithinTheWindow(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 40) Integer> responses,
      @ForAll @IntRange(min = 150, max = 400) int limit) {
    Conversation conversation =
        Scripts.conversation(
            responses.size(), rules(limit, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    for (int response : responses) {
      Turn turn = conversation.next();

      assertThat(turn.fits()).isTrue();
      assertThat(turn.promptTokens() + OUTPUT_TOKENS).isLessThanOrEqualTo(limit);
      conversation = after(turn, response);
    }
  }

  @Test
  void dropOldestDropsAsFewWholeTurnsAsPossible() {
    // 100 system + 3 × (question + 20) = 100 + 31 + 32 + 33 = 196; question 4 is 14,
    // room for the response is 8
    Conversation conversation =
        Scripts.conversation(9, rules(190, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    for (int i = 0; i < 3; i++) {
      conversation = conversation.next().succeeded("reply", 20, null);
    }

    Turn turn = conversation.next();

    assertThat(turn.droppedTokens()).isEqualTo(31);
    assertThat(turn.promptTokens()).isEqualTo(100 + 32 + 33 + 14);
    assertThat(turn.succeeded("reply", 20, null).contextTokens()).isEqualTo(100 + 32 + 33 + 34);
  }

  @Test
  void eachLaterPromptLacksTheDroppedTurns() {
    // 100 system + 31 + 32 + 33 + 34 = 230; question 5 is 15, room for the response is 8
    Conversation conversation =
        Scripts.conversation(9, rules(220, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    for (int i = 0; i < 4; i++) {
      conversation = conversation.next().succeeded("reply", 20, null);
    }
    Turn drops = conversation.next();
    Turn lacks = drops.succeeded("", 0, null).next();

    assertThat(drops.droppedTokens()).isEqualTo(31 + 32);
    assertThat(drops.failed().next().droppedTokens()).isEqualTo(31 + 32);
    assertThat(lacks.contextTokens()).isEqualTo(lacks.conversation().contextTokens());
    assertThat(lacks.droppedTokens()).isEqualTo(31 + 32);
  }

  @Test
  void stopEndsTheConversationBeforeATurnThatDoesNotFit() {
    Conversation conversation =
        Scripts.conversation(9, rules(150, ContextPolicy.STOP, FailurePolicy.SKIP));

    Conversation next = conversation.next().succeeded("reply", 20, null);

    assertThat(conversation.hasNextTurn()).isTrue();
    assertThat(next.hasNextTurn()).isFalse();
  }

  @Test
  void failKeepsTheTurnThatDoesNotFit() {
    Conversation conversation =
        Scripts.conversation(9, rules(150, ContextPolicy.FAIL, FailurePolicy.SKIP))
            .next()
            .succeeded("reply", 20, null);

    assertThat(conversation.hasNextTurn()).isTrue();
    assertThat(conversation.next().fits()).isFalse();
    assertThat(conversation.next().unsent().nextTurn()).isEqualTo(3);
  }

  @Test
  void skipsFailedTurnAndKeepsTheContext() {
    Conversation good =
        Scripts.conversation(3, ConversationRules.DEFAULT).next().succeeded("a", 5, null);

    Conversation next = good.next().failed();

    assertThat(next.nextTurn()).isEqualTo(3);
    assertThat(next.contextTokens()).isEqualTo(good.contextTokens());
  }

  @Test
  void retriesTheSameQuestionThenGoesOn() {
    Turn first = Scripts.conversation(3, onFailure(FailurePolicy.retry(2))).next();
    Turn second = first.retried().next();
    Turn third = second.retried().next();

    assertThat(List.of(first, second, third)).extracting(Turn::number).containsOnly(1);
    assertThat(List.of(first, second, third)).extracting(Turn::attempt).containsExactly(1, 2, 3);
    assertThat(first.retryDelay(Duration.ZERO)).isPresent();
    assertThat(second.retryDelay(Duration.ZERO)).isPresent();
    assertThat(third.retryDelay(Duration.ZERO)).isEmpty();
    assertThat(third.failed().next().number()).isEqualTo(2);
    assertThat(third.failed().next().attempt()).isEqualTo(1);
  }

  @Property
  void backoffDoublesUpToItsLimit(@ForAll @IntRange(max = 12) int tries) {
    Turn turn =
        Scripts.conversation(3, onFailure(FailurePolicy.retry(20, Duration.ofMillis(100)))).next();
    for (int i = 0; i < tries; i++) {
      turn = turn.retried().next();
    }
    double longest = Math.min(100 * Math.pow(2, tries), 10_000);

    long millis = turn.retryDelay(Duration.ZERO).orElseThrow().toMillis();

    assertThat((double) millis).isBetween(longest / 2 - 1, longest);
  }

  @Test
  void backoffDependsOnSeedAndNumberOnly() {
    Duration backoff = backoff(Scripts.SEED, 7);

    assertThat(backoff(Scripts.SEED, 7)).isEqualTo(backoff);
    assertThat(backoff(Scripts.SEED, 8)).isNotEqualTo(backoff);
    assertThat(backoff(Scripts.SEED + 1, 7)).isNotEqualTo(backoff);
  }

  private static Duration backoff(long seed, long number) {
    Turn turn =
        new Conversations("", seed, onFailure(FailurePolicy.retry(1)), PromptFormat.TEXT)
            .begin(number, Scripts.script(3))
            .next();
    return turn.retryDelay(Duration.ZERO).orElseThrow();
  }

  @Test
  void honoursRetryAfterUpToAMinute() {
    Turn turn = Scripts.conversation(3, onFailure(FailurePolicy.retry(1))).next();

    assertThat(turn.retryDelay(Duration.ofSeconds(7))).contains(Duration.ofSeconds(7));
    assertThat(turn.retryDelay(Duration.ofHours(1))).contains(Duration.ofSeconds(60));
    assertThat(Scripts.conversation(3, ConversationRules.DEFAULT).next().retryDelay(Duration.ZERO))
        .isEmpty();
  }

  @Test
  void reusesTheWholePromptInARetryUnlessItWasNotSent() {
    Turn first = Scripts.conversation(3, onFailure(FailurePolicy.retry(2))).next();
    first.markSent();

    assertThat(first.retried().next().markSent()).isEqualTo(first.promptTokens());
    // the cache has no prompt that the server refused to read
    assertThat(first.refused(first.retried()).next().markSent()).isLessThan(first.promptTokens());

    Turn neverSent = Scripts.conversation(3, ConversationRules.DEFAULT).next();
    assertThat(neverSent.unsent().next().markSent()).isZero();
  }

  @Test
  void reusesNothingOfAPromptThatWasRefusedForGood() {
    Conversation before = Scripts.conversation(9, onFailure(FailurePolicy.SKIP));
    Turn first = before.next();
    first.markSent();
    Turn second = first.succeeded("reply", 2, null).next();
    second.markSent();

    Conversation refused = second.refused(second.failed());

    assertThat(refused.nextTurn()).isEqualTo(3);
    assertThat(refused.next().markSent()).isEqualTo(first.promptTokens());
    assertThat(second.failed().next().markSent()).isEqualTo(first.promptTokens() + 2);
  }

  @Test
  void reusesNothingOfWhatAnotherModelWasSent() {
    Turn first = Scripts.conversation(9, ConversationRules.DEFAULT).next().of("base");
    assertThat(first.markSent()).isZero();
    Turn second = first.succeeded("reply", 2, null).next().of("adapter");
    assertThat(second.markSent()).isZero();

    Conversation after = second.succeeded("reply", 2, null);

    assertThat(after.next().of("base").markSent()).isEqualTo(first.promptTokens());
    assertThat(after.next().of("adapter").markSent()).isEqualTo(second.promptTokens());
  }

  @Test
  void endsAfterTwoUnsentTurnsInARow() {
    Conversation once = Scripts.conversation(9, ConversationRules.DEFAULT).next().unsent();
    Conversation sentBetween = once.next().succeeded("a", 1, null).next().unsent();

    assertThat(once.hasNextTurn()).isTrue();
    assertThat(once.next().unsent().hasNextTurn()).isFalse();
    assertThat(once.next().unsent().isBroken()).isTrue();
    assertThat(sentBetween.hasNextTurn()).isTrue();
  }

  @Test
  void abandonEndsTheConversation() {
    Conversation conversation =
        Scripts.conversation(3, onFailure(FailurePolicy.ABANDON)).next().failed();

    assertThat(conversation.hasNextTurn()).isFalse();
    assertThatThrownBy(conversation::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was abandoned");
  }

  @Test
  void rejectsATurnAfterTheLast() {
    Conversation ended =
        Scripts.conversation(1, ConversationRules.DEFAULT).next().succeeded("a", 1, null);

    assertThatThrownBy(ended::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("conversation-7 ended with its last turn")
        .hasMessageContaining("asLongAs(hasNextTurn())");
  }

  @Test
  void reusesPromptsOfTheConversationAndTheGroup() {
    Conversations conversations = conversations();
    Turn first = conversations.begin(7, Scripts.script(5)).next();
    Turn other = conversations.begin(7, Scripts.script(5)).next();

    assertThat(first.markSent()).isZero();
    assertThat(other.markSent()).isEqualTo(SYSTEM_TOKENS);

    Turn second = first.succeeded("reply", 20, null).next();
    assertThat(second.markSent()).isEqualTo(first.promptTokens());

    Turn third = second.failed().next();
    assertThat(third.markSent()).isEqualTo(second.contextTokens());
  }

  @Test
  void reusesThePrefixOnlyAfterADroppedTurn() {
    Conversation conversation =
        Scripts.conversation(9, rules(155, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    Turn first = conversation.next();
    first.markSent();
    Turn second = first.succeeded("reply", 30, null).next();

    assertThat(second.droppedTokens()).isEqualTo(41);
    assertThat(second.markSent()).isEqualTo(SYSTEM_TOKENS);
  }

  /** A long question that is not answered drops turns which the next prompt carries again. */
  @Test
  void reusesAnEarlierPromptThatTheLatestOneDoesNotContinue() {
    // 100 system + (11 + 20) + (12 + 20) + (13 + 20) = 196, room for the response is 8
    Conversations conversations =
        new Conversations(
            "",
            Scripts.SEED,
            rules(220, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP),
            PromptFormat.TEXT);
    Conversation conversation =
        conversations.begin(
            7,
            new Scripts.Changed(Scripts.script(9)) {
              @Override
              public Question question(int turn) {
                return turn == 4 || turn == 5
                    ? new Question(Passage.of("long " + turn, 15 * turn), OUTPUT_TOKENS)
                    : super.question(turn);
              }
            });
    for (int i = 0; i < 3; i++) {
      Turn turn = conversation.next();
      turn.markSent();
      conversation = turn.succeeded("reply", 20, null);
    }
    Turn fourth = conversation.next();
    assertThat(fourth.droppedTokens()).isEqualTo(31 + 32);
    assertThat(fourth.markSent()).isEqualTo(SYSTEM_TOKENS);
    Turn fifth = fourth.failed().next();
    assertThat(fifth.markSent()).as("it has the same gap").isEqualTo(SYSTEM_TOKENS + 33);

    Turn sixth = fifth.abandoned(false).next();

    assertThat(sixth.droppedTokens()).isZero();
    assertThat(sixth.markSent()).isEqualTo(100 + 31 + 32 + 13);
  }

  @Test
  void reusesKeptTurnsAfterADroppedTurn() {
    // 100 system + (11 + 20) + (12 + 20) + (13 + 20) = 196, question 4 is 14, response room 8
    Conversation conversation =
        Scripts.conversation(9, rules(190, ContextPolicy.keepPrefix(1), FailurePolicy.SKIP));
    for (int i = 0; i < 3; i++) {
      Turn turn = conversation.next();
      turn.markSent();
      conversation = turn.succeeded("reply", 20, null);
    }

    Turn turn = conversation.next();

    assertThat(turn.droppedTokens()).isEqualTo(32);
    assertThat(turn.promptTokens()).isEqualTo(100 + 31 + 33 + 14);
    assertThat(turn.markSent()).isEqualTo(100 + 31);
    assertThat(turn.failed().next().markSent()).isEqualTo(100 + 31 + 33);
  }

  @Property
  void countsDroppedTokensExactly(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 40) Integer> responses,
      @ForAll @IntRange(max = 4) int kept,
      @ForAll @IntRange(min = 350, max = 500) int limit) {
    ContextPolicy policy = kept == 0 ? ContextPolicy.DROP_OLDEST : ContextPolicy.keepPrefix(kept);
    Conversation conversation =
        Scripts.conversation(responses.size(), rules(limit, policy, FailurePolicy.SKIP));
    List<Integer> completed = new ArrayList<>();
    for (int response : responses) {
      Turn turn = conversation.next();
      int expected = SYSTEM_TOKENS + sum(completed);
      int question = 10 + turn.number();
      List<Integer> fitting = new ArrayList<>(completed);
      while (expected - turn.droppedTokens() < SYSTEM_TOKENS + sum(fitting)) {
        fitting.remove(Math.min(kept, fitting.size() - 1));
      }

      assertThat(turn.promptTokens()).isEqualTo(SYSTEM_TOKENS + sum(fitting) + question);
      assertThat(turn.promptTokens() + OUTPUT_TOKENS).isLessThanOrEqualTo(limit);
      assertThat(turn.carried()).extracting(History.CompletedTurn::tokens).isEqualTo(fitting);
      assertThat(turn.markSent()).isBetween(0, turn.promptTokens());
      conversation = after(turn, response);
      if (response > 0) {
        completed.add(question + response);
      }
    }
  }

  private static int sum(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void keepsMemoryBoundedByTheWindow() {
    Conversation conversation =
        Scripts.conversation(5_000, rules(20_000, ContextPolicy.keepPrefix(2), FailurePolicy.SKIP));
    for (int i = 0; i < 4_000; i++) {
      conversation = conversation.next().succeeded("reply", 100, null);
    }

    Turn turn = conversation.next();
    assertThat(turn.fits()).isTrue();
    assertThat(turn.carried()).hasSizeLessThan(200);
    assertThat(turn.carried().get(1).question().tokens()).isEqualTo(12);
    assertThat(turn.carried().get(2).question().tokens()).isGreaterThan(3_000);
  }

  /** Each turn drops one; every third fails, so that the next one carries more than it. */
  @Test
  void remembersFewPromptsThatALaterOneMayContinue() {
    Conversation conversation =
        Scripts.conversation(2_000, rules(20_000, ContextPolicy.DROP_OLDEST, FailurePolicy.SKIP));
    for (int i = 0; i < 1_000; i++) {
      Turn turn = conversation.next();
      conversation = i % 3 == 0 ? turn.failed() : turn.succeeded("reply", 100, null);
    }

    int prompts = 0;
    for (var sent = conversation.lastPrompt(); sent != null; sent = sent.earlier()) {
      prompts++;
    }
    assertThat(prompts).isBetween(1, 4);
  }

  @Test
  void usesCannedResponsesInHistory() {
    Conversation conversation =
        Scripts.conversation(
            3,
            new ConversationRules(
                ConversationRules.UNLIMITED,
                ContextPolicy.DROP_OLDEST,
                FailurePolicy.SKIP,
                ReplyInHistory.CANNED));

    assertThat(conversation.next().succeeded("something long", 33, null).contextTokens())
        .isEqualTo(SYSTEM_TOKENS + 11 + OUTPUT_TOKENS);
  }

  @Test
  void agedConversationStartsWithHistory() {
    Conversation conversation =
        conversations()
            .begin(
                7,
                new Scripts.Changed(Scripts.script(9)) {
                  @Override
                  public int firstTurn() {
                    return 3;
                  }
                });

    Turn turn = conversation.next();
    assertThat(turn.number()).isEqualTo(3);
    assertThat(turn.promptTokens()).isEqualTo(SYSTEM_TOKENS + 11 + 12 + 2 * OUTPUT_TOKENS + 13);
    assertThat(turn.markSent()).isZero();
  }

  @Test
  void countsThePrivateContext() {
    Conversation conversation =
        conversations()
            .begin(
                7,
                new Scripts.Changed(Scripts.script(9)) {
                  @Override
                  public Passage context() {
                    return Passage.of("a document", 50);
                  }
                });

    assertThat(conversation.contextTokens()).isEqualTo(SYSTEM_TOKENS + 50);
    assertThat(conversation.next().promptTokens()).isEqualTo(SYSTEM_TOKENS + 50 + 11);
  }

  @Test
  void groupsReuseTheCommonPrefix() {
    Conversations conversations = conversations();

    assertThat(inGroup(conversations, 0).next().markSent()).isZero();
    assertThat(inGroup(conversations, 1).next().markSent()).isEqualTo(30);
    assertThat(inGroup(conversations, 1).next().markSent()).isEqualTo(SYSTEM_TOKENS);
  }

  /** One of the prompts is the first, even if all are sent at once. */
  @RepeatedTest(20)
  void countsOnePromptOfAGroupAsTheFirst() throws Exception {
    Conversations conversations = conversations();
    List<Callable<Integer>> users = new ArrayList<>();
    CyclicBarrier together = new CyclicBarrier(8);
    for (int i = 0; i < 8; i++) {
      Turn turn = inGroup(conversations, 0).next();
      users.add(
          () -> {
            together.await();
            return turn.markSent();
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      int reusable = 0;
      for (Future<Integer> user : threads.invokeAll(users)) {
        reusable += user.get();
      }
      assertThat(reusable).isEqualTo(7 * SYSTEM_TOKENS);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void groupsWithTheSameSystemPromptReuseIt() {
    Conversations conversations = conversations();

    assertThat(inGroup(conversations, 0, "be kind").next().markSent()).isZero();
    assertThat(inGroup(conversations, 1, "be kind").next().markSent()).isEqualTo(SYSTEM_TOKENS);
  }

  private static Conversation inGroup(Conversations conversations, int group) {
    return inGroup(conversations, group, "be like group " + group);
  }

  private static Conversation inGroup(Conversations conversations, int group, String prompt) {
    return conversations.begin(
        7,
        new Scripts.Changed(Scripts.script(9)) {
          @Override
          public int group() {
            return group;
          }

          @Override
          public Passage systemPrompt() {
            return Passage.of(prompt, SYSTEM_TOKENS);
          }

          @Override
          public int commonTokens() {
            return 30;
          }
        });
  }

  @Test
  void repeatedConversationsReusePromptsWhileResponsesAgree() {
    Conversations conversations = conversations();
    Turn first = repeated(conversations).next();
    first.markSent();
    Turn second = first.succeeded("one", 20, null).next();
    second.markSent();

    Turn same = repeated(conversations).next();
    assertThat(same.markSent()).isEqualTo(first.promptTokens());
    assertThat(same.succeeded("one", 20, null).next().markSent()).isEqualTo(second.promptTokens());
    Turn other = repeated(conversations).next();
    other.markSent();
    assertThat(other.succeeded("two", 20, null).next().markSent()).isEqualTo(other.promptTokens());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void repeatedConversationsReusePromptsFromWhichTheSameTurnsWereDropped(boolean keepsFirst) {
    ContextPolicy policy = keepsFirst ? ContextPolicy.keepPrefix(1) : ContextPolicy.DROP_OLDEST;
    Conversations conversations =
        new Conversations(
            "", Scripts.SEED, rules(190, policy, FailurePolicy.SKIP), PromptFormat.TEXT);
    int sent = 0;
    int dropped = 0;
    for (int user = 1; user <= 2; user++) {
      Conversation conversation = repeated(conversations);
      for (int i = 0; i < 6; i++) {
        Turn turn = conversation.next();
        int reusable = turn.markSent();
        sent += user == 1 ? 0 : turn.promptTokens() - reusable;
        dropped += turn.droppedTokens();
        conversation = turn.succeeded("reply " + i, 20, null);
      }
    }

    assertThat(dropped).isPositive();
    assertThat(sent).as("new tokens of the second user").isZero();
  }

  @Test
  void repeatedConversationsReuseNothingOfAPromptThatWasRefused() {
    Conversations conversations = conversations();
    Turn first = repeated(conversations).next();
    first.markSent();

    Turn retry = first.refused(first.retried()).next();

    assertThat(retry.markSent()).isEqualTo(SYSTEM_TOKENS);
    // a refusal takes nothing back of what another prompt sent before
    Turn same = repeated(conversations).next();
    same.markSent();
    assertThat(same.refused(same.retried()).next().markSent()).isEqualTo(first.promptTokens());
  }

  @Test
  void conversationsWithTheSameOpeningReuseEqualQuestions() {
    Conversations conversations = conversations();
    Turn first = opening(conversations, "one").next();
    first.markSent();

    assertThat(opening(conversations, "two").next().markSent()).isEqualTo(first.promptTokens());
  }

  private static Conversation opening(Conversations conversations, String id) {
    return conversations.begin(
        7,
        new Scripts.Changed(Scripts.script(9)) {
          @Override
          public String id() {
            return id;
          }

          @Override
          public String opening() {
            return "group 3";
          }

          @Override
          public boolean repeats() {
            return true;
          }
        });
  }

  @Test
  void reusesLeadingBlocks() {
    Conversations conversations = conversations();

    assertThat(ofBlocks(conversations, 5, 6, 7).next().markSent()).isZero();
    assertThat(ofBlocks(conversations, 5, 6, 8).next().markSent()).isEqualTo(6);
    assertThat(ofBlocks(conversations, 6, 5, 8).next().markSent()).isZero();
    assertThat(ofBlocks(conversations, 5, 6, 8, 9).next().markSent()).isEqualTo(9);
  }

  @Test
  void reusesNoBlocksThatOnlyARefusedPromptSent() {
    Conversations conversations = conversations();
    ofBlocks(conversations, 5, 6).next().markSent();
    Turn refused = ofBlocks(conversations, 5, 6, 7, 8).next();
    refused.markSent();

    Turn retry = refused.refused(refused.retried()).next();

    assertThat(retry.markSent()).isEqualTo(6);
    retry.refused(retry.failed());
    assertThat(ofBlocks(conversations, 5, 6, 7).next().markSent()).isEqualTo(6);
  }

  private static Conversation ofBlocks(Conversations conversations, long... ids) {
    return conversations.begin(
        7,
        new Scripts.Changed(Scripts.script(1)) {
          @Override
          public Passage systemPrompt() {
            return Passage.EMPTY;
          }

          @Override
          public List<Block> blocks(int turn) {
            return Arrays.stream(ids).mapToObj(id -> new Block(id, 3)).toList();
          }
        });
  }

  private static Conversation repeated(Conversations conversations) {
    return conversations.begin(
        7,
        new Scripts.Changed(Scripts.script(9)) {
          @Override
          public boolean repeats() {
            return true;
          }
        });
  }

  @Test
  void toStringOmitsTheText() {
    assertThat(
            Scripts.conversation(2, ConversationRules.DEFAULT).next().succeeded("secret", 4, null))
        .hasToString("conversation-7, next turn 2, 115 context tokens");
  }
}
