package dev.gatlingllm.prompt;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.gatlingllm.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Any model's own tokenizer, run by Hugging Face's library through DJL. */
final class HuggingFaceTokenizers {

  static {
    // DJL calls a telemetry host at each tokenizer it makes, unless told not to before it is
    // loaded.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private HuggingFaceTokenizers() {}

  /** From a {@code tokenizer.json} or the folder that holds one; the hub is not asked. */
  static Tokenizer fromPath(Path path) throws IOException {
    String offline = System.setProperty("ai.djl.offline", "true");
    try {
      Path file = path.toAbsolutePath().normalize();
      return new Loaded(builder().optTokenizerPath(file).build(), shownName(file));
    } finally {
      restore("ai.djl.offline", offline);
    }
  }

  /** From the hub, by id; the only thing in this project that fetches anything. */
  static Tokenizer fromHub(String id) throws IOException {
    return new Loaded(builder().optTokenizerName(id).build(), id);
  }

  /** Prompts are counted without special tokens and whatever their length. */
  private static HuggingFaceTokenizer.Builder builder() {
    return HuggingFaceTokenizer.builder()
        .optAddSpecialTokens(false)
        .optTruncation(false)
        .optPadding(false);
  }

  /** Reports name the folder and the file, as in {@code qwen3/tokenizer.json}, never the path. */
  private static String shownName(Path file) {
    int names = file.getNameCount();
    return file.subpath(Math.max(0, names - 2), names).toString();
  }

  private static void restore(String property, String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  private record Loaded(HuggingFaceTokenizer library, String name, int vocabularySize)
      implements Tokenizer {

    private static final int BLOCK = 4096;

    /** Some vocabularies have gaps, between the model's tokens and those added to it. */
    private static final int WIDEST_GAP = 1 << 17;

    Loaded(HuggingFaceTokenizer library, String name) {
      this(library, name, size(library));
    }

    /** The library tells no size; but ids past the end decode to nothing. */
    private static int size(HuggingFaceTokenizer library) {
      int size = 0;
      for (int start = 0; start - size < WIDEST_GAP; start += BLOCK) {
        String[] texts = decodeEach(library, IntStream.range(start, start + BLOCK).toArray());
        for (int i = 0; i < BLOCK; i++) {
          if (!texts[i].isEmpty()) {
            size = start + i + 1;
          }
        }
      }
      return size;
    }

    private static String[] decodeEach(HuggingFaceTokenizer library, int[] tokens) {
      long[][] ids = new long[tokens.length][1];
      for (int i = 0; i < tokens.length; i++) {
        ids[i][0] = tokens[i];
      }
      return library.batchDecode(ids, false);
    }

    @Override
    public String[] decodeEach(int... tokens) {
      return decodeEach(library, tokens);
    }

    @Override
    public int[] encode(String text) {
      long[] ids = library.encode(text, false, false).getIds();
      int[] tokens = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        tokens[i] = Math.toIntExact(ids[i]);
      }
      return tokens;
    }

    @Override
    public String decode(int... tokens) {
      return library.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
    }
  }
}
