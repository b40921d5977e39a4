package dev.gatlingllm.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this library, from a file in its jar. */
public final class Version {

  private static final String RESOURCE = "/gatling-llm.properties";
  private static final String CURRENT = read();

  private Version() {}

  /** Returns the version. */
  public static String current() {
    return CURRENT;
  }

  private static String read() {
    Properties properties = new Properties();
    try (InputStream file = Version.class.getResourceAsStream(RESOURCE)) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
    return properties.getProperty("version");
  }
}
