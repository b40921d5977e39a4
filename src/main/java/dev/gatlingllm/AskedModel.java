package dev.gatlingllm;

import dev.gatlingllm.conversation.ModelChoice;
import dev.gatlingllm.gatling.SessionVariables;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The model that a step asks.
 *
 * @param shown what reports say of it; empty where only a function knows
 * @param of tells the model for a session whose turn is under way
 */
record AskedModel(Optional<String> shown, Function<Session, String> of) {

  private static final Set<String> IN_THIS_RUN = new TreeSet<>();

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

  /** Notes that a step of this run's scenarios asks it. */
  void asked() {
    synchronized (IN_THIS_RUN) {
      shown.ifPresent(IN_THIS_RUN::add);
    }
  }

  /** The models that this run's scenarios ask, as far as they are known before it. */
  static Optional<String> inThisRun() {
    synchronized (IN_THIS_RUN) {
      return IN_THIS_RUN.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", IN_THIS_RUN));
    }
  }
}
