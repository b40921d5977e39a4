package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.bench.ClassPath;
import io.gatling.commons.util.LatestGatlingRelease;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.config.GatlingConfiguration$;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.prefs.Preferences;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of Gatling's to hosts other than the server under test. */
class CallsHomeTest {

  @TempDir Path work;

  /** Looks for a newer release, as Gatling does at the start of a run. */
  static final class ReleaseCheck {
    public static void main(String[] args) {
      System.out.println(LatestGatlingRelease.load());
    }
  }

  /** Uses Java's preferences without Gatling. */
  static final class OtherProgram {
    public static void main(String[] args) {
      System.out.println(Preferences.userRoot().getClass().getName());
    }
  }

  /** Runs a main class with a proxy for HTTPS and with preferences of its own. */
  private String run(Class<?> main, ServerSocket proxy) throws IOException, InterruptedException {
    Path output = work.resolve("output.txt");
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dhttps.proxyHost=127.0.0.1",
                "-Dhttps.proxyPort=" + proxy.getLocalPort(),
                "-Djava.util.prefs.userRoot=" + work,
                ClassPath.asArgument(),
                main.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    assertThat(exit).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  private static ServerSocket proxy() throws IOException {
    ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy.setSoTimeout(1);
    return proxy;
  }

  @Test
  void looksForNoNewerReleaseOfGatling() throws Exception {
    try (ServerSocket proxy = proxy()) {
      assertThat(run(ReleaseCheck.class, proxy)).contains("None");

      assertThatThrownBy(proxy::accept).isInstanceOf(SocketTimeoutException.class);
      assertThat(work.resolve(".java")).doesNotExist();
    }
  }

  @Test
  void leavesThePreferencesOfOtherProgramsAlone() throws Exception {
    try (ServerSocket proxy = proxy()) {
      assertThat(run(OtherProgram.class, proxy)).contains("java.util.prefs.");
    }
  }

  @Test
  void turnsOffAnalyticsAndTheRequestToGatlingsSite() {
    GatlingConfiguration gatling = GatlingConfiguration$.MODULE$.load();

    assertThat(List.of(gatling.data().enableAnalytics(), gatling.http().warmUpUrl().isDefined()))
        .containsOnly(false);
  }

  @Test
  void keepsTheProjectsOwnGatlingSettings() {
    assertThat(GatlingConfiguration$.MODULE$.load().http().pooledConnectionIdleTimeout().toMillis())
        .isEqualTo(600_000);
  }
}
