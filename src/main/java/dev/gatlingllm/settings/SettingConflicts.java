package dev.gatlingllm.settings;

import static dev.gatlingllm.settings.Setting.*;

import dev.gatlingllm.ReplyInHistory;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.workload.ArrivalPattern;
import java.util.List;

/** Checks the settings of a run against one another. */
final class SettingConflicts {

  /** Settings that the file of a replay takes the place of. */
  private static final List<Setting<?>> GENERATED =
      List.of(
          GROUPS,
          GROUP_WEIGHTS,
          CONVERSATIONS_PER_GROUP,
          COMMON_PREFIX_TOKENS,
          SYSTEM_PROMPT_TOKENS,
          PRIVATE_CONTEXT_TOKENS,
          QUESTION_TOKENS,
          LENGTHS,
          CORPUS,
          IMAGES,
          IMAGE_TURNS,
          IMAGE_SIZE,
          IMAGE_TOKENS,
          TURNS,
          RAMPED_AGES,
          MAX_CONVERSATIONS,
          CONSISTENCY,
          TOOL_ROUNDS,
          TOOL_TIME,
          TOOL_CALL_TOKENS,
          TOOL_RESULT_TOKENS,
          TOOLS,
          TOOL_DEFINITION_TOKENS);

  /** Settings that each state how many users there are. */
  static final List<Setting<?>> LOADS = List.of(RATE, RATE_PER_SHARD, USERS, USERS_PER_SHARD);

  private static final List<Setting<?>> OF_REPLAYS =
      List.of(
          REPLAY_FORMAT,
          REPLAY_SPEED,
          REPLAY_MAX_DELAY,
          REPLAY_TIMING,
          REPLAY_SPREAD,
          REPLAY_TIME_UNIT,
          REPLAY_BLOCK_TOKENS,
          REPLAY_ON_ERROR,
          REPLAY_LOOP);

  private final LlmSettings settings;

  private SettingConflicts(LlmSettings settings) {
    this.settings = settings;
  }

  /**
   * Checks what a user has set.
   *
   * @throws SettingException for settings that exclude each other or need another one
   */
  static void check(LlmSettings settings) {
    SettingConflicts conflicts = new SettingConflicts(settings);
    conflicts.checkWorkload();
    conflicts.checkRequests();
  }

  private void checkWorkload() {
    for (Setting<?> load : LOADS) {
      LOADS.subList(LOADS.indexOf(load) + 1, LOADS.size()).forEach(other -> exclude(load, other));
    }
    checkArrivals();
    if (settings.find(REPLAY).isPresent()) {
      GENERATED.forEach(generated -> exclude(REPLAY, generated));
      return;
    }
    OF_REPLAYS.forEach(ofReplays -> need(ofReplays, REPLAY));
    List.of(SYSTEM_PROMPT_TOKENS, QUESTION_TOKENS, OUTPUT_TOKENS)
        .forEach(length -> exclude(LENGTHS, length));
    named(settings::groups);
    if (settings.get(RAMPED_AGES)) {
      exclude(RAMPED_AGES, RATE);
      exclude(RAMPED_AGES, RATE_PER_SHARD);
      require(
          !settings.get(TURNS).equals(FOREVER),
          "llm.rampedAges needs conversations that end; set llm.turns to a number of turns");
    }
    List.of(TOOL_TIME, TOOL_CALL_TOKENS, TOOL_RESULT_TOKENS, TOOLS, TOOL_DEFINITION_TOKENS)
        .forEach(ofTools -> need(ofTools, TOOL_ROUNDS));
    List.of(IMAGE_TURNS, IMAGE_SIZE, IMAGE_TOKENS).forEach(ofImages -> need(ofImages, IMAGES));
    require(
        !settings.isSet(IMAGES)
            || (settings.get(API) != Api.COMPLETIONS && settings.get(HISTORY) != HistoryForm.TEXT),
        "llm.images needs messages; set llm.api to another one than completions, and llm.history to"
            + " messages");
    named(settings::requireImageTokens);
  }

  private void checkArrivals() {
    if (!settings.isSet(ARRIVALS)) {
      return;
    }
    if (settings.get(ARRIVALS).equals(ArrivalPattern.TRACE)) {
      require(
          settings.isSet(REPLAY), "llm.arrivals = trace needs a trace; set llm.replay to its file");
      LOADS.forEach(
          load ->
              require(
                  !settings.isSet(load),
                  "llm.arrivals = trace and " + load + " exclude each other; set one of them"));
    } else {
      require(
          settings.rate().isPresent(),
          "llm.arrivals = %s has no effect without llm.rate; set llm.rate too"
              .formatted(settings.get(ARRIVALS)));
    }
  }

  private void checkRequests() {
    exclude(MODELS, MODEL);
    need(MODEL_CHOICE, MODELS);
    named(settings::models);
    need(AFFINITY_VALUE, AFFINITY_HEADER);
    need(ABANDON_AFTER, ABANDON);
    need(ON_ABANDON, ABANDON);
    named(() -> settings.bodyShape(settings.get(API)));
    require(
        settings.get(PROMPT_FORMAT) != PromptFormat.TOKEN_IDS
            || settings.get(REPLY_IN_HISTORY) == ReplyInHistory.CANNED,
        "llm.promptFormat = tokenIds needs llm.replyInHistory = canned: a received response has no"
            + " token ids");
    require(
        settings.get(HISTORY) != HistoryForm.SERVER
            || settings.get(REPLY_IN_HISTORY) == ReplyInHistory.RECEIVED,
        "llm.history = server needs llm.replyInHistory = received: the server holds the responses"
            + " that it gave");
    require(
        !settings.isSet(TOOL_ROUNDS)
            || settings.get(TOOL_DEFINITION_TOKENS) == 0
            || settings.fields().value("tools").isEmpty(),
        "llm.toolRounds and the field tools of llm.extraBody exclude each other; leave one out, or"
            + " set llm.toolDefinitionTokens to 0");
    settings.fields();
  }

  private void exclude(Setting<?> one, Setting<?> other) {
    require(
        !settings.isSet(one) || !settings.isSet(other),
        one + " and " + other + " exclude each other; set one of them");
  }

  private void need(Setting<?> setting, Setting<?> needed) {
    require(
        !settings.isSet(setting) || settings.isSet(needed),
        setting + " has no effect without " + needed + "; set " + needed + " too");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new SettingException(message);
    }
  }

  /** Completes the name of a setting with which the message of an error begins. */
  private static void named(Runnable derived) {
    try {
      derived.run();
    } catch (IllegalArgumentException e) {
      throw new SettingException("llm." + e.getMessage());
    }
  }
}
