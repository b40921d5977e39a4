package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Words whose number is mended until the text, encoded, has the right length: for tokenizers with
 * too few words of one token, such as those that work on bytes or letters. Slow: each text is
 * encoded a few times, and its token ids are found by encoding it once more.
 *
 * <p>Texts are exact on their own. Where the tokenizer makes a token of every space, each boundary
 * of texts put together adds that token.
 */
final class EncodedText extends ExactText {

  private static final Logger LOGGER = LoggerFactory.getLogger(EncodedText.class);

  private static final int TRIES = 200;
  private static final int WORDS = 512;
  private static final String CONSONANTS = "bdfghklmnprstvw";
  private static final String VOWELS = "aeiou";

  private final Tokenizer tokenizer;
  private final List<String> words;
  private final String anchor;
  private final int anchorTokens;
  private final int[] tokensAfterSpace;

  /** Whether a text has as many tokens after a space as on its own. */
  private final boolean additive;

  private EncodedText(Tokenizer tokenizer, List<String> words, boolean additive) {
    this.tokenizer = tokenizer;
    this.words = words;
    this.additive = additive;
    this.anchor = words.get(0);
    this.anchorTokens = tokenizer.count(anchor);
    this.tokensAfterSpace = words.stream().mapToInt(this::tokensAfterSpace).toArray();
  }

  static EncodedText of(Tokenizer tokenizer, WordList known) {
    EncodedText all = new EncodedText(tokenizer, words(tokenizer, known.words()), false);
    List<String> steady = all.wordsThatCountTheSameAfterASpace();
    EncodedText text =
        steady.size() < WordList.TOO_FEW ? all : new EncodedText(tokenizer, steady, true);
    // fails now rather than in the midst of a run
    text.write(1, SeededRandom.of(0));
    text.write(100, SeededRandom.of(0));
    LOGGER.warn(
        "The tokenizer {} has {} words of one token, too few to write prompts from: prompts are"
            + " made by encoding them until their length is right, which is slower{}.",
        tokenizer.name(),
        known.words().size(),
        text.additive
            ? ""
            : ", and a space between two texts is a token that neither's length counts");
    return text;
  }

  /** What is known, and syllables put together: words that nobody has, but that read as words. */
  private static List<String> words(Tokenizer tokenizer, List<String> known) {
    Set<String> words = new LinkedHashSet<>(known);
    SeededRandom random = SeededRandom.of(0);
    for (int i = 0; i < WORDS; i++) {
      StringBuilder word = new StringBuilder();
      for (int syllables = random.nextInt(1, 4); syllables > 0; syllables--) {
        word.append(CONSONANTS.charAt(random.nextInt(CONSONANTS.length())));
        word.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
      }
      if (isSpelt(tokenizer, word.toString())) {
        words.add(word.toString());
      }
    }
    if (words.size() < WordList.TOO_FEW) {
      throw new IllegalArgumentException(
          "the tokenizer "
              + tokenizer.name()
              + " has "
              + known.size()
              + " words of one token and cannot spell others, and "
              + WordList.TOO_FEW
              + " are needed to write prompts of an exact length; give a tokenizer with a larger"
              + " vocabulary");
    }
    return List.copyOf(words);
  }

  /** Text with a token for the unknown in it would be the same tokens as other text. */
  private static boolean isSpelt(Tokenizer tokenizer, String text) {
    return marksRemoved(tokenizer.decode(tokenizer.encode(text))).equals(marksRemoved(text));
  }

  private static String marksRemoved(String text) {
    return text.replaceAll("[ \u2581\u0120]", "");
  }

  private List<String> wordsThatCountTheSameAfterASpace() {
    List<String> steady = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (tokenizer.count(words.get(i)) == tokensAfterSpace[i]) {
        steady.add(words.get(i));
      }
    }
    return steady;
  }

  private int tokensAfterSpace(String text) {
    return tokenizer.count(anchor + " " + text) - anchorTokens;
  }

  @Override
  public List<String> words() {
    return words;
  }

  @Override
  public boolean encodes() {
    return true;
  }

  @Override
  public Passage write(int tokens, SeededRandom random) {
    return tokens == 0 ? Passage.EMPTY : write(tokens, random.nextInt(words.size()), random);
  }

  @Override
  public Passage write(int tokens, int firstWord, SeededRandom random) {
    StringBuilder text = new StringBuilder(words.get(firstWord));
    int count = tokenizer.count(words.get(firstWord));
    while (count < tokens) {
      int word = random.nextInt(words.size());
      text.append(' ').append(words.get(word));
      count += tokensAfterSpace[word];
    }
    for (int i = 0; i < TRIES; i++) {
      count = tokenizer.count(text.toString());
      if (count == tokens && fits(text.toString(), tokens)) {
        return Passage.of(text.toString(), tokens, this::ids);
      }
      mend(text, tokens - count, random);
    }
    throw new IllegalArgumentException(
        "the tokenizer "
            + tokenizer.name()
            + " has too few words of one token, and no text of exactly "
            + tokens
            + " tokens was found for it in "
            + TRIES
            + " tries; give a tokenizer with a larger vocabulary, or another length");
  }

  /** Makes a text longer or shorter by about so many tokens, and never takes the first letter. */
  private void mend(StringBuilder text, int missing, SeededRandom random) {
    if (missing > 0) {
      int word = random.nextInt(words.size());
      if (tokensAfterSpace[word] <= missing) {
        text.append(' ').append(words.get(word));
      } else {
        text.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
      }
    } else {
      int lastSpace = text.lastIndexOf(" ");
      boolean wholeWord = lastSpace > 0 && random.nextInt(2) == 0;
      text.setLength(wholeWord ? lastSpace : Math.max(1, text.length() - 1));
      if (text.charAt(text.length() - 1) == ' ') {
        text.setLength(text.length() - 1);
      }
    }
  }

  private boolean fits(String text, int tokens) {
    return isSpelt(tokenizer, text) && (!additive || tokensAfterSpace(text) == tokens);
  }

  /** As after a space where those are as many, like those of {@link WordIds}. */
  private int[] ids(String text) {
    if (!additive) {
      return tokenizer.encode(text);
    }
    int[] ids = tokenizer.encode(anchor + " " + text);
    return Arrays.copyOfRange(ids, anchorTokens, ids.length);
  }
}
