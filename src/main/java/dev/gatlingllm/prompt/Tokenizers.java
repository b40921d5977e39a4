package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds tokenizers by what users write for them. Any thread may ask; each is loaded once. */
public final class Tokenizers {

  private static final Map<String, Tokenizer> LOADED = new ConcurrentHashMap<>();

  private Tokenizers() {}

  /**
   * The tokenizer that {@code spec} names. Loading takes up to a second.
   *
   * @param spec the name of a built-in encoding such as {@code o200k_base}, the path of a {@code
   *     tokenizer.json} or of the folder that holds one, or a hub id such as {@code Qwen/Qwen3-8B}
   * @throws IllegalArgumentException if there is no such tokenizer or it cannot be loaded
   */
  public static Tokenizer resolve(String spec) {
    return LOADED.computeIfAbsent(spec, Tokenizers::load);
  }

  private static Tokenizer load(String spec) {
    return BuiltInTokenizer.named(spec)
        .orElseGet(() -> looksLikePath(spec) ? fromPath(Path.of(spec)) : fromHub(spec));
  }

  /** A hub id is {@code owner/name} and names no file here. */
  private static boolean looksLikePath(String spec) {
    return Files.exists(Path.of(spec))
        || spec.endsWith(".json")
        || spec.startsWith(".")
        || Path.of(spec).isAbsolute()
        || Path.of(spec).getNameCount() != 2;
  }

  private static Tokenizer fromPath(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no tokenizer "
              + path
              + ": give a built-in encoding ("
              + String.join(", ", BuiltInTokenizer.names())
              + "), the path of a tokenizer.json or of its folder, or a hub id (owner/name)");
    }
    try {
      return HuggingFaceTokenizers.fromPath(file);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(
          "the tokenizer " + path + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  private static Tokenizer fromHub(String id) {
    try {
      return HuggingFaceTokenizers.fromHub(id);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(
          "the tokenizer "
              + id
              + " cannot be had from the hub: "
              + e.getMessage()
              + "; where the hub is out of reach, give the path of its tokenizer.json",
          e);
    }
  }
}
