package dev.gatlingllm.prompt;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.text.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loads any model's tokenizer with Hugging Face's library through DJL. Not thread-safe: one load at
 * a time, because offline mode is a system property.
 */
final class HuggingFaceTokenizers {

  static {
    // without this, DJL calls a telemetry host for each tokenizer
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private HuggingFaceTokenizers() {}

  /** Loads a {@code tokenizer.json} without contacting the hub. */
  static Tokenizer fromPath(Path path) throws IOException {
    String offline = System.setProperty("ai.djl.offline", "true");
    try {
      Path file = path.toAbsolutePath().normalize();
      return new Loaded(builder().optTokenizerPath(file).build(), Names.ofFile(file));
    } finally {
      if (offline == null) {
        System.clearProperty("ai.djl.offline");
      } else {
        System.setProperty("ai.djl.offline", offline);
      }
    }
  }

  /**
   * Loads a tokenizer from the hub by id: the only download in this project. On a machine with
   * CUDA, DJL also downloads its native library for CUDA.
   */
  static Tokenizer fromHub(String id) throws IOException {
    return new Loaded(builder().optTokenizerName(id).build(), id);
  }

  /** Counts without special tokens and without truncation. */
  private static HuggingFaceTokenizer.Builder builder() {
    return HuggingFaceTokenizer.builder()
        .optAddSpecialTokens(false)
        .optTruncation(false)
        .optPadding(false);
  }

  /** A tokenizer that is loaded. */
  static final class Loaded implements Tokenizer {

    private static final int BLOCK = 4096;

    /** Some vocabularies have gaps between the model's tokens and added ones. */
    private static final int MAX_GAP = 1 << 17;

    private final HuggingFaceTokenizer library;
    private final String name;

    /** Negative until it is known: whoever only encodes does not need it. */
    private volatile int vocabularySize = -1;

    private Loaded(HuggingFaceTokenizer library, String name) {
      this.library = library;
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int vocabularySize() {
      return vocabularySize < 0 ? vocabulary().length : vocabularySize;
    }

    /**
     * Returns the text of each token. The library does not expose the number of tokens, but ids
     * past the end decode to the empty text.
     */
    String[] vocabulary() {
      List<String> all = new ArrayList<>();
      int size = 0;
      for (int start = 0; start - size < MAX_GAP; start += BLOCK) {
        String[] texts = decodeEach(IntStream.range(start, start + BLOCK).toArray());
        all.addAll(Arrays.asList(texts));
        for (int i = 0; i < BLOCK; i++) {
          if (!texts[i].isEmpty()) {
            size = start + i + 1;
          }
        }
      }
      vocabularySize = size;
      return all.subList(0, size).toArray(String[]::new);
    }

    @Override
    public String[] decodeEach(int... tokens) {
      long[][] ids = new long[tokens.length][1];
      for (int i = 0; i < tokens.length; i++) {
        ids[i][0] = tokens[i];
      }
      return library.batchDecode(ids, false);
    }

    @Override
    public int[] encode(String text) {
      long[] ids = library.encode(text, false, false).getIds();
      return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public String decode(int... tokens) {
      return library.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
    }
  }
}
