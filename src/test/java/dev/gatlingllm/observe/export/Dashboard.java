package dev.gatlingllm.observe.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A dashboard of Grafana in {@code docs/grafana}. */
record Dashboard(JsonNode json) {

  static Dashboard read(String name) throws IOException {
    return new Dashboard(
        new ObjectMapper().readTree(Path.of("docs/grafana", name + ".json").toFile()));
  }

  /** Returns the expressions of all panels, for everything and the last minute. */
  List<String> expressions() {
    return json.at("/panels").findValuesAsText("expr").stream()
        .map(
            expression ->
                expression
                    .replace("$__rate_interval", "1m")
                    .replaceAll("\\$(run|scenario|request|phase)", ".*"))
        .toList();
  }
}
