package dev.gatlingllm.prompt;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

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

    Loaded(HuggingFaceTokenizer library, String name) {
      this(library, name, size(library));
    }

    /**
     * The library tells no size; but ids past the end decode to nothing, a block of them surely.
     */
    private static int size(HuggingFaceTokenizer library) {
      for (int start = 0; ; start += BLOCK) {
        long[][] ids = new long[BLOCK][1];
        for (int i = 0; i < BLOCK; i++) {
          ids[i][0] = start + i;
        }
        if (Arrays.stream(library.batchDecode(ids, false)).allMatch(String::isEmpty)) {
          return start;
        }
      }
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
