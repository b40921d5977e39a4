package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** Loads tokenizers by name, path or hub id; each is loaded once. Any thread may call. */
public final class Tokenizers {

  private static final Map<String, Tokenizer> LOADED = new HashMap<>();

  private Tokenizers() {}

  /**
   * Returns a tokenizer. Loading takes up to a second; other callers wait, as loading is not
   * thread-safe.
   *
   * @param spec the name of a built-in encoding such as {@code o200k_base}, the path of a {@code
   *     tokenizer.json} or of the folder that holds one, or a hub id such as {@code Qwen/Qwen3-8B}
   * @throws IllegalArgumentException if the tokenizer is unknown or cannot be loaded
   */
  public static synchronized Tokenizer resolve(String spec) {
    Tokenizer tokenizer = LOADED.get(spec);
    if (tokenizer == null) {
      tokenizer = load(spec);
      LOADED.put(spec, tokenizer);
    }
    return tokenizer;
  }

  /** Returns the text of each token on its own, as {@link Tokenizer#decodeEach} does. */
  static String[] vocabulary(Tokenizer tokenizer) {
    return tokenizer instanceof HuggingFaceTokenizers.Loaded loaded
        ? loaded.vocabulary()
        : tokenizer.decodeEach(IntStream.range(0, tokenizer.vocabularySize()).toArray());
  }

  private static Tokenizer load(String spec) {
    return BuiltInTokenizer.named(spec)
        .orElseGet(() -> looksLikePath(spec) ? fromPath(Path.of(spec)) : fromHub(spec));
  }

  /** A hub id is {@code owner/name} and not the path of a file. */
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
          "unknown tokenizer "
              + path
              + ": give a built-in encoding ("
              + String.join(", ", BuiltInTokenizer.names())
              + "), the path of a tokenizer.json or of its folder, or a hub id (owner/name)");
    }
    requireJson(file);
    return loaded(
        () -> HuggingFaceTokenizers.fromPath(file),
        "the tokenizer " + path + " cannot be loaded: ",
        "");
  }

  /** The library says only that a value was expected at line 1. */
  private static void requireJson(Path file) {
    try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      int first = text.read();
      while (Character.isWhitespace(first)) {
        first = text.read();
      }
      if (first == '{') {
        return;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the tokenizer " + file + " cannot be read: " + e, e);
    }
    throw new IllegalArgumentException(
        "the tokenizer "
            + file
            + " is not a tokenizer.json; vocabularies of tiktoken and SentencePiece must be"
            + " converted, for example with transformers' save_pretrained");
  }

  private static Tokenizer fromHub(String id) {
    return loaded(
        () -> HuggingFaceTokenizers.fromHub(id),
        "the tokenizer " + id + " cannot be downloaded from the hub: ",
        "; without access to the hub, give the path of its tokenizer.json");
  }

  private static Tokenizer loaded(Callable<Tokenizer> library, String problem, String advice) {
    try {
      return library.call();
    } catch (Exception | LinkageError e) {
      throw new IllegalArgumentException(problem + e.getMessage() + advice, e);
    }
  }
}
