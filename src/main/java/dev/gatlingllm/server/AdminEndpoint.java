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
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/** What a test, or who watches a run, changes and asks while the server runs. */
final class AdminEndpoint {

  private static final String FAULTS = "/admin/faults";
  private static final String TRUTH = "/admin/truth";
  private static final String CONNECTIONS = "/admin/connections";

  /** Named as vLLM names it. */
  private static final String RESET = "/reset_prefix_cache";

  private static final int LINES = 10_000;

  private final Engine engine;
  private final Faults faults;
  private final TruthLog truths;
  private final IntSupplier openConnections;
  private final Executor readers;

  /**
   * @param readers for what takes longer than an event loop can spare
   */
  AdminEndpoint(
      Engine engine,
      Faults faults,
      TruthLog truths,
      IntSupplier openConnections,
      Executor readers) {
    this.engine = engine;
    this.faults = faults;
    this.truths = truths;
    this.openConnections = openConnections;
    this.readers = readers;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, FAULTS, this::tellFaults);
    routes.add(HttpMethod.PUT, FAULTS, this::setFaults);
    routes.add(HttpMethod.DELETE, FAULTS, this::endFaults);
    routes.add(HttpMethod.GET, TRUTH, exchange -> readers.execute(() -> tellTruth(exchange)));
    routes.add(HttpMethod.DELETE, TRUTH, this::forgetTruth);
    routes.add(HttpMethod.GET, CONNECTIONS, this::countConnections);
    routes.add(HttpMethod.POST, RESET, this::resetPrefixCache);
  }

  private void tellFaults(Exchange exchange) {
    ObjectNode json = Json.object().put("seed", faults.rates().seed());
    var texts = json.putArray("faults");
    faults.rates().texts().forEach(texts::add);
    ObjectNode met = json.putObject("met");
    for (FaultKind kind : FaultKind.values()) {
      met.put(kind.label(), faults.met(kind));
    }
    exchange.answer(HttpResponseStatus.OK, Json.bytes(json));
  }

  private void setFaults(Exchange exchange) {
    try {
      faults.rates(rates(Json.parse(exchange.body())));
      tellFaults(exchange);
    } catch (OpenAiError refusal) {
      exchange.refuse(refusal);
    }
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
          "Send {\"faults\":[\"reset=0.01\",…]}, and a whole number as \"seed\" or none.");
    }
    try {
      return new FaultRates(texts, seed.asLong(faults.rates().seed()));
    } catch (IllegalArgumentException e) {
      throw OpenAiError.invalid("faults", e.getMessage() + ".");
    }
  }

  private void endFaults(Exchange exchange) {
    faults.rates(new FaultRates(List.of(), faults.rates().seed()));
    tellFaults(exchange);
  }

  private void tellTruth(Exchange exchange) {
    try {
      var query = new QueryStringDecoder(exchange.query(), false);
      long since = number(query, "since", 0, Long.MAX_VALUE);
      long limit = number(query, "limit", LINES, LINES);
      var lines = new ByteArrayOutputStream();
      truths.since(
          since,
          (int) limit,
          (sequence, truth) -> lines.writeBytes(TruthJson.line(sequence, truth)));
      HttpHeaders headers =
          new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/jsonl");
      exchange.onLoop(() -> exchange.answer(HttpResponseStatus.OK, lines.toByteArray(), headers));
    } catch (OpenAiError refusal) {
      exchange.onLoop(() -> exchange.refuse(refusal));
    }
  }

  private static long number(QueryStringDecoder query, String name, long ifAbsent, long most)
      throws OpenAiError {
    List<String> values = query.parameters().get(name);
    if (values == null) {
      return ifAbsent;
    }
    String value = values.get(0);
    long number = value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
    if (number < 0 || number > most) {
      throw OpenAiError.invalid(
          name, "'%s' must be a whole number from 0 to %d, not %s.".formatted(name, most, value));
    }
    return number;
  }

  private void forgetTruth(Exchange exchange) {
    truths.clear();
    exchange.answer(HttpResponseStatus.OK, Json.bytes(Json.object()));
  }

  private void countConnections(Exchange exchange) {
    var open = Json.object().put("open", openConnections.getAsInt());
    exchange.answer(HttpResponseStatus.OK, Json.bytes(open));
  }

  private void resetPrefixCache(Exchange exchange) {
    engine.forgetPrefixes(
        () ->
            exchange.onLoop(
                () -> exchange.answer(HttpResponseStatus.OK, Json.bytes(Json.object()))));
  }
}
