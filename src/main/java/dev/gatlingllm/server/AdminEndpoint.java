package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.server.engine.Engine;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * Reads and changes faults, truth and caches while the server runs.
 *
 * @param readers runs tasks that are too slow for an event loop
 */
record AdminEndpoint(
    List<Engine> engines,
    FaultInjector faults,
    TruthLog truths,
    IntSupplier openConnections,
    Executor readers) {

  private static final String FAULTS = "/admin/faults";
  private static final String TRUTH = "/admin/truth";
  private static final String CONNECTIONS = "/admin/connections";

  /** The path that vLLM uses. */
  private static final String RESET = "/reset_prefix_cache";

  private static final int MAX_LINES = 10_000;

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, FAULTS, this::getFaults);
    routes.add(HttpMethod.PUT, FAULTS, this::putFaults);
    routes.add(HttpMethod.DELETE, FAULTS, this::deleteFaults);
    routes.add(
        HttpMethod.GET,
        TRUTH,
        exchange -> readers.execute(() -> exchange.answerErrors(() -> getTruth(exchange))));
    routes.add(HttpMethod.DELETE, TRUTH, this::deleteTruth);
    routes.add(HttpMethod.GET, CONNECTIONS, this::getConnections);
    routes.add(HttpMethod.POST, RESET, this::resetPrefixCache);
  }

  private void getFaults(HttpExchange exchange) {
    ObjectNode json = Json.object().put("seed", faults.rates().seed());
    var texts = json.putArray("faults");
    faults.rates().texts().forEach(texts::add);
    ObjectNode met = json.putObject("met");
    for (FaultKind kind : FaultKind.values()) {
      met.put(kind.label, faults.count(kind));
    }
    exchange.send(json);
  }

  private void putFaults(HttpExchange exchange) throws OpenAiError {
    faults.setRates(rates(Json.parse(exchange.request().body())));
    getFaults(exchange);
  }

  private FaultRates rates(ObjectNode body) throws OpenAiError {
    List<String> texts = new ArrayList<>();
    JsonNode list = body.path("faults");
    for (JsonNode text : list) {
      texts.add(text.asText());
    }
    JsonNode seed = body.path("seed");
    if (!list.isArray() || !(seed.isMissingNode() || seed.canConvertToLong())) {
      throw OpenAiError.invalid(
          "faults",
          "The body must be {\"faults\":[\"reset=0.01\",…]}, with an optional whole number"
              + " \"seed\".");
    }
    try {
      return new FaultRates(texts, seed.asLong(faults.rates().seed()));
    } catch (IllegalArgumentException e) {
      throw OpenAiError.invalid("faults", e.getMessage() + ".");
    }
  }

  private void deleteFaults(HttpExchange exchange) {
    faults.setRates(new FaultRates(List.of(), faults.rates().seed()));
    getFaults(exchange);
  }

  private void getTruth(HttpExchange exchange) throws OpenAiError {
    Map<String, List<String>> query = query(exchange.request().query());
    long since = number(query, "since", 0, Long.MAX_VALUE);
    long limit = number(query, "limit", MAX_LINES, MAX_LINES);
    var lines = new ByteArrayOutputStream();
    truths.since(
        since, (int) limit, (sequence, truth) -> lines.writeBytes(truth.jsonLine(sequence)));
    HttpHeaders headers =
        new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/jsonl");
    exchange.onLoop(() -> exchange.send(HttpResponseStatus.OK, lines.toByteArray(), headers));
  }

  private static Map<String, List<String>> query(String query) throws OpenAiError {
    try {
      return new QueryStringDecoder(query, false).parameters();
    } catch (IllegalArgumentException e) {
      throw OpenAiError.http(HttpResponseStatus.BAD_REQUEST, "Invalid query: " + e.getMessage());
    }
  }

  private static long number(Map<String, List<String>> query, String name, long ifAbsent, long max)
      throws OpenAiError {
    List<String> values = query.get(name);
    if (values == null) {
      return ifAbsent;
    }
    String value = values.get(0);
    long number = value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
    if (number < 0 || number > max) {
      throw OpenAiError.invalid(
          name, "'%s' must be a whole number from 0 to %d, got %s.".formatted(name, max, value));
    }
    return number;
  }

  private void deleteTruth(HttpExchange exchange) {
    truths.clear();
    exchange.send(Json.object());
  }

  private void getConnections(HttpExchange exchange) {
    exchange.send(Json.object().put("open", openConnections.getAsInt()));
  }

  private void resetPrefixCache(HttpExchange exchange) {
    resetPrefixCaches(engines.iterator(), exchange);
  }

  private static void resetPrefixCaches(Iterator<Engine> left, HttpExchange exchange) {
    if (left.hasNext()) {
      left.next().resetPrefixCache(() -> resetPrefixCaches(left, exchange));
    } else {
      exchange.onLoop(() -> exchange.send(Json.object()));
    }
  }
}
