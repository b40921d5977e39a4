package dev.gatlingllm.gatling;

import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.settings.SettingException;
import dev.gatlingllm.text.Version;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which versions of Gatling this library works with. It uses Gatling's internals, which change
 * between minor versions without notice: a run would then fail in the middle, or measure wrongly.
 */
public final class GatlingVersions {

  static final String OLDEST = "3.15.0";
  static final String NEWEST = "3.15.1";

  /** What all tested versions begin with. */
  private static final String MINOR = "3.15.";

  private static final Logger LOGGER = LoggerFactory.getLogger(GatlingVersions.class);

  private GatlingVersions() {}

  /** Returns the version of Gatling on the class path. */
  static String current() {
    try {
      // the file that Gatling reads itself: its class may move
      return ResourceBundle.getBundle("gatling-version").getString("version");
    } catch (MissingResourceException e) {
      return "of an unknown version";
    }
  }

  /**
   * Checks the version of Gatling on the class path. A newer patch release of a tested version gets
   * a warning.
   *
   * @throws SettingException for another version, unless {@code llm.anyGatling} is true
   */
  public static void requireTested() {
    require(current(), () -> LlmSettings.get().get(Setting.ANY_GATLING));
  }

  static void require(String version, BooleanSupplier any) {
    if (isTested(version)) {
      return;
    }
    String problem =
        "Gatling "
            + version
            + " is not supported: gatling-llm "
            + Version.current()
            + " was tested with Gatling "
            + OLDEST
            + " to "
            + NEWEST;
    if (version.startsWith(MINOR) || any.getAsBoolean()) {
      LOGGER.warn("{}. Compare the figures with those of a tested version", problem);
    } else {
      throw new SettingException(
          problem + "; use one of these, or set llm.anyGatling = true to try this one");
    }
  }

  private static boolean isTested(String version) {
    return version.matches("3\\.15\\.\\d{1,4}")
        && patch(version) >= patch(OLDEST)
        && patch(version) <= patch(NEWEST);
  }

  private static int patch(String version) {
    return Integer.parseInt(version.substring(MINOR.length()));
  }
}
