package dev.gatlingllm.conversation;

import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scripts with lengths that are easy to add up. */
final class Scripts {

  static final long SEED = 11;
  static final int SYSTEM_TOKENS = 100;
  static final int OUTPUT_TOKENS = 8;

  private Scripts() {}

  static Conversation conversation(int turns, ConversationRules rules) {
    return new Conversations("", SEED, rules, PromptFormat.TEXT).begin(7, script(turns));
  }

  /** Question t is 10 + t tokens long. */
  static ConversationScript script(int turns) {
    return new ConversationScript() {
      private final Passage systemPrompt = Passage.of("be brief", SYSTEM_TOKENS);

      @Override
      public String id() {
        return "conversation-7";
      }

      @Override
      public int group() {
        return 3;
      }

      @Override
      public Passage systemPrompt() {
        return systemPrompt;
      }

      @Override
      public int turns() {
        return turns;
      }

      @Override
      public Passage response(int turn) {
        return Passage.of("reply " + turn, OUTPUT_TOKENS);
      }

      @Override
      public Question question(int turn) {
        return new Question(Passage.of("question " + turn, 10 + turn), OUTPUT_TOKENS);
      }
    };
  }

  /** As {@link #script}, but the responses of some turns call a tool, whose result follows. */
  static ConversationScript withCalls(int turns, Set<Integer> calling) {
    return new Changed(script(turns)) {
      @Override
      public List<String> responseMessages(int turn) {
        return calling.contains(turn) ? List.of("{\"calls\":" + turn + "}") : List.of();
      }

      @Override
      public Question question(int turn) {
        Question text = super.question(turn);
        return calling.contains(turn - 1)
            ? new Question(
                text.passage(),
                text.outputTokens(),
                Map.of(),
                List.of("{\"result\":" + turn + "}"),
                Optional.of(new Pause(Duration.ofSeconds(turn), Pause.Kind.TOOL)))
            : text;
      }
    };
  }

  /** A script of which a test overrides some methods. */
  static class Changed implements ConversationScript {

    private final ConversationScript script;

    Changed(ConversationScript script) {
      this.script = script;
    }

    @Override
    public String id() {
      return script.id();
    }

    @Override
    public int group() {
      return script.group();
    }

    @Override
    public Passage systemPrompt() {
      return script.systemPrompt();
    }

    @Override
    public int turns() {
      return script.turns();
    }

    @Override
    public Passage response(int turn) {
      return script.response(turn);
    }

    @Override
    public Question question(int turn) {
      return script.question(turn);
    }
  }
}
