package dev.gatlingllm.gatling;

import dev.gatlingllm.workload.PlannedArrivals;
import io.gatling.core.controller.inject.open.OpenInjectionStep;
import java.lang.reflect.Constructor;
import java.util.concurrent.TimeUnit;
import scala.collection.Iterator;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** Injects users at planned times. Immutable. */
public record ArrivalsInjection(PlannedArrivals arrivals) implements OpenInjectionStep {

  private static final long serialVersionUID = 1;

  /** Returns the step for {@code injectOpen(…)}. */
  public static io.gatling.javaapi.core.OpenInjectionStep of(PlannedArrivals arrivals) {
    return asJava(new ArrivalsInjection(arrivals));
  }

  /** Returns a step as the DSL has it, whose constructor is private. */
  static io.gatling.javaapi.core.OpenInjectionStep asJava(OpenInjectionStep step) {
    try {
      Constructor<io.gatling.javaapi.core.OpenInjectionStep> constructor =
          io.gatling.javaapi.core.OpenInjectionStep.class.getDeclaredConstructor(
              OpenInjectionStep.class);
      constructor.setAccessible(true);
      return constructor.newInstance(step);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This version of Gatling has other injection steps", e);
    }
  }

  @Override
  public long users() {
    return arrivals.users();
  }

  @Override
  public FiniteDuration duration() {
    return FiniteDuration.apply(arrivals.lengthNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * {@inheritDoc} Gatling calls it when it starts the load. The run begins here and not with its
   * first request, so that the window is the planned part of the load.
   */
  @Override
  public Iterator<FiniteDuration> chain(Iterator<FiniteDuration> chained) {
    TokenRun.current().loadStarted();
    FiniteDuration duration = duration();
    Iterator<FiniteDuration> own =
        CollectionConverters.asScala(arrivals.nanos())
            .map(nanos -> FiniteDuration.apply(nanos, TimeUnit.NANOSECONDS));
    return own.concat(() -> chained.map(time -> time.$plus(duration)));
  }

  @Override
  public int productArity() {
    return 1;
  }

  @Override
  public Object productElement(int n) {
    return arrivals;
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof ArrivalsInjection;
  }

  /** Returns the text that reports show. */
  @Override
  public String toString() {
    return arrivals.toString();
  }
}
