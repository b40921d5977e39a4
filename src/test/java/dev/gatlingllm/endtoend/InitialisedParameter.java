package dev.gatlingllm.endtoend;

import static dev.gatlingllm.LlmDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.gatlingllm.bench.LlmBenchmark;
import org.openjdk.jmh.annotations.Param;

/** Would measure five users under the name of two. */
public class InitialisedParameter extends LlmBenchmark {

  @Param({"2", "8"})
  int users = 5;

  {
    var chat = scenario("chat").exec(sharedPrefix().turns(2).pinned()).exec(chatTurn("turn"));

    setUp(chat.injectOpen(atOnceUsers(users))).protocols(llmTarget());
  }
}
