package dev.gatlingllm.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.observe.MetricsText.Sample;
import dev.gatlingllm.text.Redactor;
import org.junit.jupiter.api.Test;

class EndpointTest {

  private static final String URL = "http://user:secret@10.0.0.1:8000/metrics?key=abcdef";

  private static double value(Endpoint endpoint, String name) {
    return endpoint.samples().get(name).stream().mapToDouble(Sample::value).sum();
  }

  private static Endpoint readTimes(int times, String... answers) {
    Endpoint endpoint = new Endpoint(URL, new Answers(answers));
    for (int i = 0; i < times; i++) {
      endpoint.read();
    }
    return endpoint;
  }

  @Test
  void countsFromTheFirstReading() {
    Endpoint endpoint = readTimes(2, "x_total 100\ny 5", "x_total 130\ny 6");

    assertThat(value(endpoint, "x_total")).isEqualTo(30);
    assertThat(value(endpoint, "y")).isEqualTo(6);
  }

  @Test
  void addsTheNewValueAloneWhenACounterFell() {
    Endpoint endpoint = readTimes(3, "x_total 100", "x_total 130", "x_total 20");

    assertThat(value(endpoint, "x_total")).isEqualTo(50);
    assertThat(endpoint.summary().restarts()).isEqualTo(1);
    assertThat(endpoint.summary().isAlternating()).isFalse();
  }

  @Test
  void countsASeriesThatAppearsLaterFromZero() {
    Endpoint endpoint =
        readTimes(2, "x_total{a=\"1\"} 100", "x_total{a=\"1\"} 100\nx_total{a=\"2\"} 7");

    assertThat(value(endpoint, "x_total")).isEqualTo(7);
  }

  @Test
  void countsASeriesThatIsThereTwiceOnce() {
    Endpoint endpoint =
        readTimes(2, "x_total 100\nx_total 100\ny_total 9\ny_total 3", "x_total 130\nx_total 130");

    assertThat(value(endpoint, "x_total")).isEqualTo(30);
    assertThat(endpoint.summary().restarts()).isZero();
  }

  @Test
  void aSeriesThatDisappearsIsNoRestart() {
    Endpoint endpoint =
        readTimes(2, "x_total{a=\"1\"} 100\nx_total{a=\"2\"} 50", "x_total{a=\"1\"} 110");

    assertThat(value(endpoint, "x_total")).isEqualTo(10);
    assertThat(endpoint.summary().restarts()).isZero();
  }

  @Test
  void whatASeriesCountedBeforeItDisappearedStaysCounted() {
    Endpoint endpoint =
        readTimes(
            3,
            "x_total{a=\"1\"} 100\nx_total{a=\"2\"} 50",
            "x_total{a=\"1\"} 110\nx_total{a=\"2\"} 90",
            "x_total{a=\"1\"} 120");

    assertThat(value(endpoint, "x_total")).isEqualTo(60);
  }

  @Test
  void tellsThatSeveralServersAnswerInTurn() {
    Endpoint endpoint =
        readTimes(
            7,
            "x_total 100",
            "x_total 10",
            "x_total 101",
            "x_total 11",
            "x_total 102",
            "x_total 12",
            "x_total 103");

    assertThat(endpoint.summary().isAlternating()).isTrue();
  }

  @Test
  void tellsNothingWhileTheServerDoesNotAnswerAndCountsOnAfterwards() {
    String[] answers = {"x_total 100\ny 5", "x_total 130\ny 6", "gone", "x_total 150\ny 7"};
    Endpoint endpoint = readTimes(3, answers);

    assertThat(endpoint.samples()).isEmpty();
    assertThat(value(readTimes(4, answers), "x_total")).isEqualTo(50);
    assertThat(endpoint.summary().failures()).isEqualTo(1);
    assertThat(endpoint.summary().readings()).isEqualTo(2);
  }

  @Test
  void dropsValuesThatAreNone() {
    Endpoint endpoint =
        readTimes(1, "a NaN\nb +Inf\nc 9223372036854775794\nd 1\nllamacpp:prompt_tokens_seconds 5");

    assertThat(endpoint.samples()).containsOnlyKeys("d");
  }

  @Test
  void rejectsJsonAndOtherStatuses() {
    Endpoint json = new Endpoint(URL, new Answers("x 1").ofType("application/json"));
    Endpoint moved = new Endpoint(URL, new Answers("x 1").withStatus(302));

    assertThat(json.read()).isFalse();
    assertThat(json.summary().problem()).isEqualTo("it answers with application/json");
    assertThat(moved.read()).isFalse();
    assertThat(moved.summary().problem()).isEqualTo("it answers with HTTP status 302");
  }

  @Test
  void showsItsProblemWithoutSecretsThatAreKnownLater() {
    Endpoint endpoint = new Endpoint(URL, new Answers("x 1").ofType("text/html+Zq7lateSecret9"));

    assertThat(endpoint.read()).isFalse();
    Redactor.ofProcess().addSecret("Zq7lateSecret9");

    assertThat(endpoint.summary().problem()).isEqualTo("it answers with text/html+[redacted]");
  }

  @Test
  void showsItsUrlWithoutSecrets() {
    assertThat(readTimes(1, "x 1").summary().url()).isEqualTo("http://10.0.0.1:8000/metrics");
  }
}
