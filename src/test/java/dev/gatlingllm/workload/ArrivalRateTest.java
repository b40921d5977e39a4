package dev.gatlingllm.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values of {@code llm.rate} and {@code llm.arrivals}. */
class ArrivalRateTest {

  @ParameterizedTest
  @CsvSource({
    "5, 5, 5 per second during 30 s",
    "0.25, 0.25, 0.25 per second during 30 s",
    "' ramp( 1 , 20 ) ', 'ramp(1,20)', 1 per second during 10 s then 1 to 20 per second during 20"
        + " s",
    "'steps(5,10)', 'steps(5,10)', 5 per second during 10 s then 5 per second during 10 s then 10"
        + " per second during 10 s"
  })
  void readsARateARampAndSteps(String text, String form, String load) {
    ArrivalRate rate = ArrivalRate.parse(text);

    assertThat(rate).hasToString(form).isEqualTo(ArrivalRate.parse(form));
    assertThat(rate.over(Duration.ofSeconds(10), Duration.ofSeconds(20))).hasToString(load);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "NaN",
        "Infinity",
        "fast",
        "5/s",
        "ramp(5)",
        "ramp(1,2,3)",
        "ramp(0,0)",
        "ramp(-1,5)",
        "steps(5)",
        "steps(1,,2)",
        "steps(0,0)",
        "ramp(1,20",
        "stairs(1,2)",
        "1,2"
      })
  void rejectsOtherTexts(String text) {
    assertThatThrownBy(() -> ArrivalRate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "must be a number above 0, ramp(from,to) or steps(a,b,…) with rates from 0, such as 5,"
                + " ramp(1,20) or steps(5,10,20), got "
                + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"poisson", "constant", "gamma(0.5)", "gamma(1000)", "trace"})
  void readsPatterns(String text) {
    assertThat(ArrivalPattern.parse(text)).hasToString(text);
  }

  @Test
  void rejectsOtherPatterns() {
    assertThatThrownBy(() -> ArrivalPattern.parse("Poisson"))
        .hasMessage("must be poisson, constant, gamma(burstiness) or trace, got Poisson");
    for (String gamma : new String[] {"gamma(0)", "gamma(x)", "gamma()", "gamma(1001)"}) {
      assertThatThrownBy(() -> ArrivalPattern.parse(gamma))
          .hasMessage(
              "must be gamma(burstiness) with a burstiness from 0.01 to 1000, got " + gamma);
    }
  }
}
