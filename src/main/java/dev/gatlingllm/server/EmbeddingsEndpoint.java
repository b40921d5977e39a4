package dev.gatlingllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.server.engine.TokenHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Answers with embeddings, as OpenAI does, and with the relevance of documents, as Jina and vLLM
 * do. A request takes the time in which an idle engine reads its tokens; requests neither wait for
 * each other nor for those that generate text.
 */
record EmbeddingsEndpoint(ServerSettings settings, CachingTokenizer tokenizer, Executor readers) {

  private static final int DEFAULT_DIMENSIONS = 256;
  private static final int MAX_DIMENSIONS = 4_096;
  private static final int MAX_DOCUMENTS = 1_000;

  /** A response, and the number of tokens that were read for it. */
  private record Answer(ObjectNode json, int tokens) {}

  void addTo(Routes routes) {
    routes.addPost(
        "/v1/embeddings",
        readers,
        (request, exchange) -> answer(request, embeddings(request), exchange));
    routes.addPost(
        "/v1/rerank", readers, (request, exchange) -> answer(request, rerank(request), exchange));
  }

  private void answer(RequestFields request, Answer answer, HttpExchange exchange)
      throws OpenAiError {
    answer.json().put("model", request.text("model", settings.modelName));
    answer
        .json()
        .putObject("usage")
        .put("prompt_tokens", answer.tokens())
        .put("total_tokens", answer.tokens());
    byte[] json = Json.bytes(answer.json());
    exchange
        .loop()
        .schedule(
            () -> exchange.send(json),
            settings.engine.nanosToRead(answer.tokens()),
            TimeUnit.NANOSECONDS);
  }

  private Answer embeddings(RequestFields request) throws OpenAiError {
    if (!request.has("input")) {
      throw OpenAiError.invalid("input", "'input' must be a text, token ids, or a list of either.");
    }
    int dimensions = request.count("dimensions", DEFAULT_DIMENSIONS, 1, MAX_DIMENSIONS);
    boolean base64 = request.text("encoding_format", "float").equals("base64");
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    int tokens = 0;
    for (Prompt prompt : Prompt.ofCompletion(request.get("input"))) {
      int[] ids = prompt.encode(tokenizer);
      tokens += ids.length;
      ObjectNode item = Json.object().put("object", "embedding").put("index", data.size());
      float[] vector = vector(TokenHash.extend(settings.seed, ids, 0, ids.length), dimensions);
      if (base64) {
        item.put("embedding", base64(vector));
      } else {
        ArrayNode numbers = item.putArray("embedding");
        for (float number : vector) {
          numbers.add(number);
        }
      }
      data.add(item);
    }
    return new Answer(json, tokens);
  }

  /** Returns a random vector of length 1. */
  private static float[] vector(long hash, int dimensions) {
    SeededRandom random = SeededRandom.of(hash);
    double[] drawn = new double[dimensions];
    Arrays.setAll(drawn, i -> random.nextGaussian());
    double length = Math.sqrt(Arrays.stream(drawn).map(each -> each * each).sum());
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (drawn[i] / length);
    }
    return vector;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : vector) {
      bytes.putFloat(number);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** The relevance of a document is the share of the query's tokens that it has. */
  private Answer rerank(RequestFields request) throws OpenAiError {
    int[] query = tokenizer.encode(request.text("query", ""));
    JsonNode documents = request.get("documents");
    if (query.length == 0 || !documents.isArray() || documents.isEmpty()) {
      throw OpenAiError.invalid(
          query.length == 0 ? "query" : "documents",
          "'query' must be a text, and 'documents' an array of texts, neither empty.");
    }
    int most = request.count("top_n", MAX_DOCUMENTS, 1, MAX_DOCUMENTS);
    int tokens = 0;
    List<ObjectNode> results = new ArrayList<>();
    for (JsonNode document : documents) {
      String text = document.isTextual() ? document.textValue() : document.path("text").asText();
      int[] ids = tokenizer.encode(text);
      // the model reads each pair of query and document
      tokens += query.length + ids.length;
      ObjectNode result = Json.object().put("index", results.size());
      result.putObject("document").put("text", text);
      results.add(result.put("relevance_score", relevance(query, ids)));
    }
    results.sort(
        Comparator.comparingDouble(result -> -result.get("relevance_score").doubleValue()));
    ObjectNode json = Json.object();
    json.putArray("results").addAll(results.subList(0, Math.min(most, results.size())));
    return new Answer(json, tokens);
  }

  private static double relevance(int[] query, int[] document) {
    Set<Integer> words = new HashSet<>();
    Arrays.stream(document).forEach(words::add);
    return (double) Arrays.stream(query).filter(words::contains).count() / query.length;
  }
}
