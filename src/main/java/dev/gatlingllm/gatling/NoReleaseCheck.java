package dev.gatlingllm.gatling;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.prefs.AbstractPreferences;
import java.util.prefs.Preferences;
import java.util.prefs.PreferencesFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Gatling from asking Maven Central for its newest release at the start of each run. Gatling
 * has no setting for this, but it does not ask again soon after a check, and it remembers the last
 * one in Java's {@link Preferences}. {@link java.util.ServiceLoader} finds this class when a
 * process uses preferences for the first time. If Gatling's check is the one to use them, the
 * preferences of the process are kept in memory and say that the check was made. In any other
 * process they stay Java's own.
 */
public final class NoReleaseCheck implements PreferencesFactory {

  private static final String CHECK = "io.gatling.commons.util.LatestGatlingRelease$";

  private final Preferences root = new InMemory(null, "");

  /**
   * Creates the preferences of a load test.
   *
   * @throws SecurityException if the caller is not Gatling's check; Java then uses its own factory
   */
  public NoReleaseCheck() {
    boolean called =
        StackWalker.getInstance()
            .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(CHECK)));
    if (!called) {
      throw new SecurityException("Only for Gatling's check for a newer release");
    }
    long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    root.node("io/gatling/latestVersion").putLong("lastCheckTimestamp", tomorrow);
  }

  @Override
  public Preferences userRoot() {
    return root;
  }

  @Override
  public Preferences systemRoot() {
    return root;
  }

  private static final class InMemory extends AbstractPreferences {

    private final Map<String, String> values = new HashMap<>();

    InMemory(@Nullable AbstractPreferences parent, String name) {
      super(parent, name);
    }

    @Override
    protected AbstractPreferences childSpi(String name) {
      return new InMemory(this, name);
    }

    @Override
    protected @Nullable String getSpi(String key) {
      return values.get(key);
    }

    @Override
    protected void putSpi(String key, String value) {
      values.put(key, value);
    }

    @Override
    protected void removeSpi(String key) {
      values.remove(key);
    }

    @Override
    protected String[] keysSpi() {
      return values.keySet().toArray(String[]::new);
    }

    @Override
    protected String[] childrenNamesSpi() {
      return new String[0]; // children are never stored apart from the nodes in use
    }

    @Override
    protected void removeNodeSpi() {}

    @Override
    protected void syncSpi() {}

    @Override
    protected void flushSpi() {}
  }
}
