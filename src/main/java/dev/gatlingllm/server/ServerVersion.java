package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What {@code /version} says: the version that the build wrote down. */
final class ServerVersion {

  private ServerVersion() {}

  static ObjectNode json() {
    Properties properties = new Properties();
    try (InputStream file = ServerVersion.class.getResourceAsStream("/gatling-llm.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Json.object().put("version", properties.getProperty("version"));
  }
}
