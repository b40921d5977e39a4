package dev.gatlingllm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerDatesTest {

  /** True time in seconds at which each run begins. */
  private static final double START = 1_795_777_694.7;

  private static final double EXACT = 0;

  /** Makes the header of a response at a moment of true time, in seconds. */
  private interface Server {
    String date(double seconds);
  }

  /** A server whose clock is ahead, and which renews its header after a number of seconds. */
  private static Server server(double ahead, double renewal, double phase) {
    return seconds -> {
      double made =
          renewal == 0 ? seconds : Math.floor((seconds - phase) / renewal) * renewal + phase;
      return header((long) Math.floor(made + ahead));
    };
  }

  private static String header(long second) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
  }

  /** Sends ten requests a second from a load generator whose clock is ahead, in seconds. */
  private static ServerClock seen(Server server, double ahead, int seconds, long seed) {
    ServerDates dates = new ServerDates();
    Random random = new Random(seed);
    for (int request = 0; request < 10 * seconds; request++) {
      double written = START + request / 10.0 + random.nextDouble() / 20;
      double made = written + random.nextDouble() * 0.004;
      double received = made + random.nextDouble() * 0.004;
      dates.add(server.date(made), nanos(written + ahead), nanos(received + ahead));
    }
    return dates.clock().orElseThrow();
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }

  private static void assertTells(Interval interval, double millis) {
    assertThat(interval.contains(millis)).as("%s contains %s ms", interval, millis).isTrue();
  }

  @Test
  void noResponseHasADate() {
    assertThat(new ServerDates().clock()).isEmpty();
  }

  @Test
  void ignoresWhatIsNoDate() {
    ServerDates dates = new ServerDates();
    for (String header :
        new String[] {"", "now", "2026-11-27T11:00:00Z", "Fri, 27 Nov 9999 11:00:00 GMT"}) {
      dates.add(header, 0, 0);
    }
    assertThat(dates.clock()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fri, 27 Nov 2026 11:00:59 GMT",
        "Fri, 27 Nov 2026 11:01:00 GMT",
        "Fri, 27 Nov 2026 11:00:60 GMT",
        "Fri, 27 Nov 2026 11:00:5x GMT",
        "Fri, 27 Nov 2026 11:00:59 GMX",
        "Fri, 27 Nov 2026 11:59 GMT",
        "Fri, 27 Nov 2026 11:00",
      })
  void readsAHeaderAlikeAfterASimilarOne(String header) {
    for (String similar : List.of("Fri, 27 Nov 2026 11:00:07 GMT", "Fri, 27 Nov 2026 11:07 GMT")) {
      assertThat(clockOf(similar, header)).isEqualTo(clockOf(similar, "no date", header));
    }
  }

  private static Optional<ServerClock> clockOf(String... headers) {
    ServerDates dates = new ServerDates();
    for (String header : headers) {
      dates.add(header, 0, 0);
    }
    return dates.clock();
  }

  @Test
  void boundsTheClockOfTheServerByOneResponse() {
    ServerDates dates = new ServerDates();
    dates.add(
        "Fri, 27 Nov 2026 11:00:00 GMT", 1_795_777_195_000_000_000L, 1_795_777_195_300_000_000L);
    assertThat(dates.clock().orElseThrow().aheadMillis())
        .as("from D - received to D + 1 s - written, and 1.25 s for a header that is kept")
        .isEqualTo(new Interval(4_699, 7_250));
  }

  @Property(tries = 200)
  void tellsHowFarTheClockOfTheServerIsAhead(
      @ForAll @DoubleRange(min = -100, max = 100) double ahead,
      @ForAll @DoubleRange(min = 0, max = 1) double phase,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll long seed) {
    double renewal = new double[] {EXACT, 1, 1.03}[kind];
    ServerClock clock = seen(server(ahead, renewal, phase), 0, 20, seed);
    assertTells(clock.aheadMillis(), 1_000 * ahead);
    assertThat(clock.contradictionMillis()).isZero();
    assertThat(clock.aheadMillis().high() - clock.aheadMillis().low()).isLessThan(2_600);
  }

  @Property(tries = 200)
  void tellsHowFarLoadGeneratorsAreApartWhateverTheAgeOfTheHeader(
      @ForAll @DoubleRange(min = -100, max = 100) double ahead,
      @ForAll @DoubleRange(min = 0, max = 1) double phase,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll long seed) {
    Server server = server(-3, new double[] {EXACT, 1, 1.03}[kind], phase);
    ServerClock here = seen(server, ahead, 20, seed);
    ServerClock there = seen(server, 0.4, 20, seed + 1);
    Interval interval = here.aheadMillisOf(there, true);
    assertTells(interval, 1_000 * (ahead - 0.4));
    assertThat(interval.high() - interval.low())
        .as("width in ms, where each sees a change within 158 ms at the latest")
        .isLessThan(2 * (158 + 1));
  }

  @Property(tries = 100)
  void workersThatRenewTheirHeadersAtDifferentMomentsWidenTheBounds(
      @ForAll @DoubleRange(min = -100, max = 100) double ahead, @ForAll long seed) {
    Server one = server(0, 1, 0.1);
    Server other = server(0, 1, 0.6);
    Random choice = new Random(seed);
    Server both = seconds -> (choice.nextBoolean() ? one : other).date(seconds);
    Interval interval =
        seen(both, ahead, 20, seed).aheadMillisOf(seen(both, 0, 20, seed + 1), true);
    assertTells(interval, 1_000 * ahead);
  }

  @Test
  void differentServersHaveHeadersThatChangeAtDifferentMoments() {
    ServerClock here = seen(server(0, 1, 0.1), 2, 20, 1);
    ServerClock there = seen(server(0, 1, 0.6), 0, 20, 2);
    assertTells(here.aheadMillisOf(there, false), 2_000);
  }

  @Test
  void clocksThatDriftApartAreFollowed() {
    ServerDates drifting = new ServerDates();
    for (int request = 0; request < 600; request++) {
      double now = START + request / 10.0;
      double ahead = 0.02 * request / 600;
      drifting.add(server(0, 0, 0).date(now), nanos(now + ahead), nanos(now + ahead));
    }
    ServerClock still = seen(server(0, 0, 0), 0, 60, 1);
    Interval interval = drifting.clock().orElseThrow().aheadMillisOf(still, true);
    assertThat(interval.low()).isGreaterThan(-150);
    assertThat(interval.high()).isLessThan(150);
  }

  @Test
  void replicasWithDifferentClocksContradictEachOther() {
    Server one = server(0, 0, 0);
    Server other = server(5, 0, 0);
    Random choice = new Random(1);
    ServerClock clock =
        seen(seconds -> (choice.nextBoolean() ? one : other).date(seconds), 0, 20, 1);
    assertThat(clock.contradictionMillis()).isBetween(3_500.0, 3_750.0);
    assertThat(clock.aheadMillis().isKnown()).isFalse();
    assertThat(clock.aheadMillisOf(clock, true).isKnown()).isFalse();
  }

  @Test
  void aLongRunKeepsSomeChangesAndTellsTheSame() {
    ServerClock here = seen(server(0, 0, 0), 0.7, 7_200, 1);
    ServerClock there = seen(server(0, 0, 0), 0, 7_200, 2);
    assertThat(here.changes()).hasSizeBetween(100, ServerDates.MAX_CHANGES);
    assertTells(here.aheadMillisOf(there, true), 700);
  }
}
