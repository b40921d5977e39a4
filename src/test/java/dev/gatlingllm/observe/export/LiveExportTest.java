package dev.gatlingllm.observe.export;

import static dev.gatlingllm.observe.export.ExportedResponses.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.metrics.LiveFigures;
import dev.gatlingllm.metrics.Objectives;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveExportTest {

  private static final LlmSettings DEFAULTS = LlmSettings.defaults();

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static Optional<LiveExport> open(LlmSettings settings) {
    return LiveExport.open(settings, new LiveFigures(), Objectives.NONE, () -> IDENTITY);
  }

  @Test
  void exportsNothingUnlessAsked() {
    assertThat(open(DEFAULTS)).isEmpty();
  }

  @Test
  void exportsToBothAtOnce() {
    try (Collector collector = new Collector()) {
      LiveExport export =
          open(DEFAULTS
                  .with(Setting.OTLP, collector.url())
                  .with(Setting.PROMETHEUS_PORT, loopback(0)))
              .orElseThrow();

      assertThat(export.describe())
          .hasSize(2)
          .contains("metrics go to " + collector.url() + "/v1/metrics every 5 s");
      assertThat(export.describe().get(1)).matches("Prometheus .* http://localhost:\\d+/metrics");
      assertThat(export.end()).isEmpty();
      assertThat(collector.last()).containsKey("gatling_llm.active_requests");
    }
  }

  @Test
  void refusesAPortThatIsInUse() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LlmSettings settings = DEFAULTS.with(Setting.PROMETHEUS_PORT, loopback(other.getLocalPort()));

      assertThatThrownBy(() -> open(settings))
          .isInstanceOf(SettingException.class)
          .hasMessage(
              "llm.prometheusPort = localhost:"
                  + other.getLocalPort()
                  + ": cannot listen there: Address already in use");
    }
  }

  /** The libraries are optional dependencies, which users of the export add. */
  @ParameterizedTest
  @CsvSource({
    "otlp, http://127.0.0.1:4318, io.opentelemetry:opentelemetry-exporter-otlp",
    "prometheusPort, 127.0.0.1:0, io.prometheus:prometheus-metrics-exporter-httpserver",
  })
  void namesTheMissingLibrary(String setting, String value, String library) throws Exception {
    ClassLoader without = new WithoutLibraries();
    @SuppressWarnings("unchecked")
    Supplier<Optional<?>> opening =
        (Supplier<Optional<?>>)
            without
                .loadClass(Opening.class.getName())
                .getDeclaredConstructor(String.class)
                .newInstance(setting);

    assertThatThrownBy(opening::get)
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.%s = %s: needs a library that is not on the class path; add the dependency %s",
            setting, value, library);
  }

  /** Opens an export from a class loader of its own. */
  public static final class Opening implements Supplier<Optional<?>> {

    private final boolean otlp;

    public Opening(String setting) {
      otlp = setting.equals("otlp");
    }

    @Override
    public Optional<?> get() {
      return LiveExport.open(
          otlp
              ? DEFAULTS.with(Setting.OTLP, "http://127.0.0.1:4318")
              : DEFAULTS.with(Setting.PROMETHEUS_PORT, new InetSocketAddress("127.0.0.1", 0)),
          new LiveFigures(),
          Objectives.NONE,
          () -> IDENTITY);
    }
  }

  /** Loads this package itself, and knows no library that it needs. */
  private static final class WithoutLibraries extends ClassLoader {

    WithoutLibraries() {
      super(LiveExportTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.opentelemetry.") || name.startsWith("io.prometheus.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith(LiveExport.class.getPackageName() + ".")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
