package dev.gatlingllm;

import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.gatling.SessionVariables;
import dev.gatlingllm.gatling.TokenRun;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import java.util.Optional;
import java.util.function.Function;

/**
 * The model that a request asks.
 *
 * @param shown the model's name in reports; empty where only a function knows it
 * @param of returns the model for a session whose turn is under way
 */
record AskedModel(Optional<String> shown, Function<Session, String> of) {

  static AskedModel drawn(ModelChoice choice, long seed) {
    return new AskedModel(
        Optional.of(choice.toString()), session -> choice.of(seed, SessionVariables.turn(session)));
  }

  static AskedModel expression(String model) {
    return new AskedModel(
        Optional.of(model),
        Expressions.expressionToJavaFunction(Expressions.toStringExpression(model)));
  }

  static AskedModel function(Function<Session, String> model) {
    return new AskedModel(Optional.empty(), model);
  }

  /** Notes that a request of the simulation asks this model. */
  void addToRun() {
    shown.ifPresent(TokenRun.current()::addModel);
  }
}
