package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatling.charts.component.Component;
import io.gatling.charts.stats.IntVsTimePlot;
import io.gatling.charts.stats.UserSeries;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Names come from a simulation, or from the log of a run that somebody else made. */
class TokensComponentLibraryTest {

  private static <T> Seq<T> seq(T only) {
    return CollectionConverters.asScala(List.of(only)).toSeq();
  }

  private static UserSeries users(String name) {
    return new UserSeries(name, seq(new IntVsTimePlot(0, 1)));
  }

  static Stream<Component> chartsOfUsers() {
    TokensComponentLibrary library = new TokensComponentLibrary();
    UserSeries all = users("All Users");
    UserSeries scenario = users("</script><script>hacked()</script>\\");
    return Stream.of(
        library.getUserStartRateComponent("id", 0, all, seq(scenario)),
        library.getMaxConcurrentUsersComponent("id", 0, all, seq(scenario)));
  }

  @ParameterizedTest
  @MethodSource("chartsOfUsers")
  void nameOfAScenarioCannotEndTheScriptOfAChart(Component chart) {
    assertThat(chart.js()).contains("\\u003c/script>").doesNotContain("</script>", "<script>");
  }
}
