package dev.gatlingllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class ParamFieldsTest {

  /** Stands in for {@link LlmBenchmark}: sets parameters before the subclass's initialisers run. */
  private abstract static class Base {
    Base(Map<String, String> values) {
      new ParamFields(getClass()).set(this, values);
    }
  }

  private static class Everything extends Base {
    @Param({"1", "2"})
    int users;

    @Param("3")
    private long tokens;

    @Param("0.5")
    double rate;

    @Param({"false", "true"})
    boolean reasons;

    @Param("base")
    String model;

    @Param TimeUnit unit;

    @Param("7")
    Integer boxed;

    final String readByInitialiser = users + model + unit;

    Everything(Map<String, String> values) {
      super(values);
    }
  }

  private static final Map<String, String> VALUES =
      Map.of(
          "users", "8", "tokens", "99", "rate", "2.5", "reasons", "true", "model", "lora-a", "unit",
          "SECONDS", "boxed", "4");

  @Test
  void setsParametersBeforeInitialisersRun() {
    Everything made = new Everything(VALUES);

    assertThat(made.readByInitialiser).isEqualTo("8lora-aSECONDS");
    assertThat(made.tokens).isEqualTo(99);
    assertThat(made.rate).isEqualTo(2.5);
    assertThat(made.reasons).isTrue();
    assertThat(made.boxed).isEqualTo(4);
    new ParamFields(Everything.class).requireUntouched(made, VALUES);
  }

  @Test
  void givenValuesReplaceThoseOfTheAnnotation() {
    Map<String, List<String>> values =
        new ParamFields(Everything.class).values(Map.of("users", List.of("1", "64")));

    assertThat(values.keySet())
        .containsExactly("users", "tokens", "rate", "reasons", "model", "unit", "boxed");
    assertThat(values.get("users")).containsExactly("1", "64");
    assertThat(values.get("reasons")).containsExactly("false", "true");
    assertThat(values.get("unit")).hasSize(TimeUnit.values().length).contains("DAYS");
  }

  @Test
  void rejectsInvalidValueByName() {
    ParamFields fields = new ParamFields(Everything.class);

    assertThatThrownBy(() -> fields.values(Map.of("users", List.of("many"))))
        .hasMessageContainingAll("-p users must be of type int, got many");
    assertThatThrownBy(() -> fields.values(Map.of("reasons", List.of("yes"))))
        .hasMessageContainingAll("-p reasons must be of type boolean, got yes");
    assertThatThrownBy(() -> fields.values(Map.of("unit", List.of("WEEKS"))))
        .hasMessageContainingAll("-p unit must be one of", "DAYS", "got WEEKS");
    assertThatThrownBy(() -> fields.values(Map.of("user", List.of("1"))))
        .hasMessageContainingAll("-p must be a parameter of", "users, tokens", "got user");
  }

  @Test
  void rejectsValueThatReadersOfResultFilesWouldSplit() {
    ParamFields fields = new ParamFields(Everything.class);

    for (String value : List.of("a b", "a=b", "a\"b", "a\tb")) {
      assertThatThrownBy(() -> fields.values(Map.of("model", List.of(value))))
          .hasMessageContainingAll("-p model must be without a space");
    }
  }

  private static class WithInitialiser extends Base {
    @Param({"1", "2"})
    int users = 5;

    WithInitialiser() {
      super(Map.of("users", "2"));
    }
  }

  private static class WithFinal {
    @Param("1")
    private final int users = 1;
  }

  private static class WithStatic {
    @Param("1")
    static int users;
  }

  private static class WithObject {
    @Param("1")
    Object users;
  }

  private static class WithoutValues {
    @Param int users;
  }

  @Test
  void rejectsFieldThatCannotBeAParameter() {
    assertThatThrownBy(
            () ->
                new ParamFields(WithInitialiser.class)
                    .requireUntouched(new WithInitialiser(), Map.of("users", "2")))
        .hasMessageContainingAll("WithInitialiser.users", "no initialiser", "was 2 and is 5");
    assertThatThrownBy(() -> new ParamFields(WithFinal.class))
        .hasMessageContainingAll("WithFinal.users", "final");
    assertThatThrownBy(() -> new ParamFields(WithStatic.class))
        .hasMessageContainingAll("WithStatic.users", "static");
    assertThatThrownBy(() -> new ParamFields(WithObject.class))
        .hasMessageContainingAll("WithObject.users", "java.lang.Object");
    assertThatThrownBy(() -> new ParamFields(WithoutValues.class).values(Map.of()))
        .hasMessageContainingAll("WithoutValues.users must have a value, by @Param or -p");
  }
}
