package dev.gatlingllm.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A response as a real server or gateway sends it, and what must be found in it; from {@code
 * wire/cases.jsonl}.
 */
public record WireCase(JsonNode json) {

  private static final Pattern CONTENT =
      Pattern.compile("\"delta\": \\{(?:\"role\": \"assistant\", )?\"content\": (\"[^\"]*\")}");

  /** Returns all cases, in the order of the file. */
  public static List<WireCase> all() {
    ObjectMapper mapper = new ObjectMapper();
    try (InputStream file = WireCase.class.getResourceAsStream("/wire/cases.jsonl")) {
      List<WireCase> cases = new ArrayList<>();
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        cases.add(new WireCase(mapper.readTree(line)));
      }
      return cases;
    } catch (IOException problem) {
      throw new IllegalStateException(problem);
    }
  }

  /** Returns the case's name, which is also its path on the server. */
  public String name() {
    return json.get("name").asText();
  }

  /** Returns a field of what is expected, or null. */
  public JsonNode expected(String field) {
    JsonNode value = json.get("expect").get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** Returns a text of the response such as {@code status}, or null. */
  public String text(String field) {
    return json.get(field).isNull() ? null : json.get(field).asText();
  }

  public int status() {
    return Integer.parseInt(text("status").substring(0, 3));
  }

  public List<String> headers() {
    return strings("headers").toList();
  }

  private Stream<String> strings(String field) {
    return Stream.iterate(0, i -> i < json.get(field).size(), i -> i + 1)
        .map(i -> json.get(field).get(i).asText());
  }

  /** Returns whether the body is as the reader gets it: not compressed. */
  public boolean isPlain() {
    return headers().stream().noneMatch(header -> header.startsWith("Content-Encoding"));
  }

  /** Returns the pieces in which the body is sent. */
  public List<byte[]> writes() {
    List<byte[]> writes = new ArrayList<>();
    for (JsonNode write : json.get("writes")) {
      writes.add(
          write.isTextual()
              ? write.asText().getBytes(StandardCharsets.UTF_8)
              : Base64.getDecoder().decode(write.get("base64").asText()));
    }
    return writes;
  }

  /** Returns how long the server waits before a write, in seconds. */
  public double secondsBefore(int write) {
    return json.get("secondsBefore").path(Integer.toString(write)).asDouble(0);
  }

  /** Returns whether the case makes sense as a text completion: its output is nothing but text. */
  public boolean isAlsoACompletion() {
    return isPlain() && strings("writes").anyMatch(write -> CONTENT.matcher(write).find());
  }

  /** Returns the same response of the completions API. */
  public WireCase asCompletion() {
    ObjectNode copy = json.deepCopy();
    ArrayNode writes = copy.putArray("writes");
    strings("writes")
        .map(write -> CONTENT.matcher(write).replaceAll("\"text\": $1"))
        .forEach(writes::add);
    return new WireCase(copy);
  }

  @Override
  public String toString() {
    return name() + ": " + text("what");
  }
}
