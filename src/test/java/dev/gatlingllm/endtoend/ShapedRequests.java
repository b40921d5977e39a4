package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.SharedPrefixWorkload;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.gatling.ConversationSource;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Users who ask in every way that servers differ in, and leave it to the settings to say more. */
public class ShapedRequests extends Simulation {

  private final SharedPrefixWorkload workload =
      sharedPrefix().groups(1).systemPromptTokens(10).questionTokens(5).outputTokens(4).turns(2);

  private final SharedPrefixWorkload probes = workload.consistency(1).seed(7);

  private final Conversations conversations =
      new Conversations("", 0, ConversationRules.DEFAULT, PromptFormat.TEXT);

  {
    setUp(
            scenario("shaped")
                .exec(workload.pinned())
                .asLongAs(hasNextTurn())
                .on(
                    chatTurn("turn")
                        .models(Map.of("base", 3, "lora", 1))
                        .systemRole(SystemRole.DEVELOPER)
                        .maxCompletionTokens()
                        .exactLength()
                        .temperature(0)
                        .withoutStreamOptions()
                        .sessionAffinity())
                .injectOpen(atOnceUsers(24)),
            scenario("ids")
                .feed(
                    new ConversationSource(
                            number -> Optional.of(conversations.begin(number, new OneQuestion())),
                            Optional.empty())
                        .feeder())
                .exec(completionTurn("ids").promptAsTokenIds())
                .injectOpen(atOnceUsers(1)),
            scenario("marked")
                .feed(
                    new ConversationSource(
                            number -> Optional.of(conversations.begin(number, new OneQuestion())),
                            Optional.empty())
                        .feeder())
                .exec(messagesTurn("marked").cacheControl(Duration.ofHours(1)))
                .injectOpen(atOnceUsers(1)),
            scenario("one prompt")
                .repeat(5)
                .on(
                    exec(
                        probes.pinned(),
                        chatTurn("probe").header("X-Probe", "yes").temperature(0.7)))
                .injectOpen(atOnceUsers(1)))
        .protocols(llmTarget());
  }

  /** One turn, whose texts have ids. */
  private record OneQuestion() implements ConversationScript {

    @Override
    public String id() {
      return "one question";
    }

    @Override
    public int group() {
      return 0;
    }

    @Override
    public Passage systemPrompt() {
      return Passage.of("be brief", 2, text -> new int[] {11, 12});
    }

    @Override
    public int turns() {
      return 1;
    }

    @Override
    public Passage response(int turn) {
      return Passage.EMPTY;
    }

    @Override
    public Question question(int turn) {
      return new Question(Passage.of("why not now", 3, text -> new int[] {21, 22, 23}), 4);
    }
  }
}
