package dev.gatlingllm.prompt;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.gatlingllm.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An encoding that JTokkit's jar contains; nothing is downloaded. It is loaded when first used. */
final class BuiltInTokenizer implements Tokenizer {

  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private final EncodingType type;
  private final int vocabularySize;

  private BuiltInTokenizer(EncodingType type) {
    this.type = type;
    // ordinary tokens, without special ones, as OpenAI publishes them
    this.vocabularySize =
        switch (type) {
          case R50K_BASE -> 50_256;
          case P50K_BASE, P50K_EDIT -> 50_280;
          case CL100K_BASE -> 100_256;
          case O200K_BASE -> 199_998;
        };
  }

  static Optional<Tokenizer> named(String name) {
    return EncodingType.fromName(name.toLowerCase(Locale.ROOT)).map(BuiltInTokenizer::new);
  }

  static List<String> names() {
    return Arrays.stream(EncodingType.values()).map(EncodingType::getName).toList();
  }

  private Encoding encoding() {
    return ENCODINGS.getEncoding(type);
  }

  @Override
  public String name() {
    return type.getName();
  }

  @Override
  public int[] encode(String text) {
    return encoding().encodeOrdinary(text).toArray();
  }

  @Override
  public int count(String text) {
    return encoding().countTokensOrdinary(text);
  }

  @Override
  public String decode(int... tokens) {
    IntArrayList list = new IntArrayList(tokens.length);
    Arrays.stream(tokens).forEach(list::add);
    return encoding().decode(list);
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }
}
