package dev.gatlingllm.bench.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.bench.result.MetricScores;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search's result as JSON:
 *
 * <pre>
 * {"schema":"gatling-llm-search/1","parameter","from","to","objectives":[TEXT],"confidence",
 *  "limit":NUMBER|null,"next":NUMBER|null,"broke":NUMBER|null,"complete":true|false,"trusted":true|false,"summary",
 *  "points":[{"value","verdict":"sustained"|"not sustained"|"undecided","iterations",
 *    "checks":[{"metric","objective","unit","limit","mean","error","low","high","text",
 *      "verdict","note"}],"doubts":[TEXT],"outputTokensPerSecond","loadGeneratorLate",
 *    "metrics":[{"name","unit","mean","error"}]}]}
 * </pre>
 *
 * A number that is not known is null. The page of a search shows the same data. Points are in the
 * order in which they were measured.
 */
public final class SearchJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SearchJson() {}

  /** Returns a result as JSON. */
  public static ObjectNode of(SearchResult result) {
    ObjectNode json = JSON.createObjectNode();
    json.put("schema", "gatling-llm-search/1");
    json.put("parameter", result.axis().name());
    json.put("from", result.axis().start()).put("to", result.axis().end());
    ArrayNode objectives = json.putArray("objectives");
    result.objectives().all().forEach(objective -> objectives.add(objective.toString()));
    json.put("confidence", result.confidence());
    json.put("limit", value(result.limit())).put("next", value(result.next()));
    json.put("broke", value(result.broke()));
    json.put("complete", result.isComplete());
    json.put("trusted", result.isTrusted()).put("summary", result.summary());
    ArrayNode points = json.putArray("points");
    result.points().forEach(point -> write(point, points.addObject(), result.confidence()));
    return json;
  }

  private static void write(Point point, ObjectNode json, double confidence) {
    json.put("value", point.value()).put("verdict", point.verdict().toString());
    json.put("iterations", point.iterations());
    ArrayNode checks = json.putArray("checks");
    for (Point.Check check : point.checks()) {
      checks
          .addObject()
          .put("metric", SearchObjectives.scoreOf(check.condition()))
          .put("objective", check.condition().toString())
          .put("unit", check.condition().indicator().unit().symbol())
          .put("limit", check.condition().limit())
          .put("mean", number(check.mean()))
          .put("error", number(check.error()))
          .put("low", number(check.interval().low()))
          .put("high", number(check.interval().high()))
          .put("text", check.valueWithError())
          .put("verdict", check.verdict().toString())
          .put("note", check.note());
    }
    ArrayNode warnings = json.putArray("doubts");
    point.warnings().forEach(warnings::add);
    json.put("outputTokensPerSecond", number(point.outputTokensPerSecond()));
    json.put("loadGeneratorLate", point.clientLate());
    ArrayNode metrics = json.putArray("metrics");
    for (MetricScores metric : point.tradeOff()) {
      metrics
          .addObject()
          .put("name", metric.name())
          .put("unit", metric.unit())
          .put("mean", number(metric.score()))
          .put("error", number(metric.error(confidence)));
    }
  }

  private static @Nullable Double value(Optional<Point> point) {
    return point.map(Point::value).orElse(null);
  }

  private static @Nullable Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
