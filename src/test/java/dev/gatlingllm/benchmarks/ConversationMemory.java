package dev.gatlingllm.benchmarks;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.FeederColumns;
import dev.gatlingllm.workload.Shard;
import dev.gatlingllm.workload.SharedPrefixScripts;
import dev.gatlingllm.workload.SharedPrefixShape;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the memory of many long conversations: 10,000 of 8,000 tokens each, on 8 shared prefixes
 * of 4,000 tokens. Fails if a heap of 512 MB is too small:
 *
 * <pre>{@code
 * mvn test-compile exec:exec@memory
 * }</pre>
 */
public final class ConversationMemory {

  private static final int CONVERSATIONS = 10_000;
  private static final int TURNS = 20;

  private ConversationMemory() {}

  /** Holds all conversations at once and prints the size of the heap. */
  public static void main(String[] arguments) {
    SharedPrefixShape shape =
        LlmSettings.defaults()
            .with(Setting.GROUPS, 8)
            .with(Setting.SYSTEM_PROMPT_TOKENS, Distribution.constant(4_000))
            .with(Setting.QUESTION_TOKENS, Distribution.constant(100))
            .with(Setting.OUTPUT_TOKENS, Distribution.constant(100))
            .with(Setting.TURNS, Distribution.constant(TURNS + 1))
            .sharedPrefixShape();
    SharedPrefixScripts scripts =
        new SharedPrefixScripts(
            shape,
            ExactText.of(Tokenizers.resolve("o200k_base")),
            new FeederColumns(Map.of(), 0, text -> new int[0]),
            Shard.WHOLE);
    Conversations workload = new Conversations("", 0, ConversationRules.DEFAULT, PromptFormat.TEXT);
    Conversation[] conversations = new Conversation[CONVERSATIONS];
    for (int i = 0; i < CONVERSATIONS; i++) {
      Conversation conversation = workload.begin(i, scripts.find(i).orElseThrow());
      for (int turn = 1; turn <= TURNS; turn++) {
        Turn said = conversation.next();
        conversation =
            said.succeeded(scripts.find(i).orElseThrow().response(turn).text(), 100, null);
      }
      conversations[i] = conversation;
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%,d conversations of %,d tokens each: %,d MB of heap in use, of %,d MB at most%n",
        conversations.length,
        conversations[CONVERSATIONS - 1].contextTokens(),
        (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        runtime.maxMemory() >> 20);
  }
}
