package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.WordList.Word;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs of consecutive words of a corpus, from random places, continuing at the start of the corpus
 * after its end; words of one token fill up where the next word of a run would be too long.
 */
final class CorpusText extends ExactText {

  /** How many words to look at for one that can begin a text. */
  private static final int SEARCH = 32;

  private final List<String> fillers;
  private final byte[][] spacedFillers;
  private final byte[][] spaced;
  private final int[] tokens;
  private final BitSet openings;
  private final int[] order;
  private final Passage.TokenIds ids;

  private CorpusText(List<String> fillers, Corpus corpus, CorpusWords verified, WordList list) {
    this.fillers = fillers;
    this.order = corpus.order();
    spacedFillers = fillers.stream().map(TextBytes::spaced).toArray(byte[][]::new);
    spaced = new byte[corpus.words().size()][];
    tokens = new int[spaced.length];
    openings = new BitSet(spaced.length);
    Map<String, int[]> known = new HashMap<>();
    for (int word : Arrays.stream(order).distinct().toArray()) {
      spaced[word] = TextBytes.spaced(corpus.words().get(word));
      tokens[word] = verified.ids()[word].length;
      openings.set(word, verified.canOpen(word));
      known.put(corpus.words().get(word), verified.ids()[word]);
    }
    list.words().forEach(word -> known.put(word.text(), new int[] {word.followingId()}));
    ids = new WordIds(known);
  }

  static CorpusText of(Path file, Tokenizer tokenizer) {
    Corpus corpus = Corpus.read(file);
    WordList list = WordList.of(tokenizer);
    Set<String> all = new LinkedHashSet<>();
    list.words().forEach(word -> all.add(word.text()));
    all.addAll(corpus.words());
    Set<String> independent = Vocabulary.of(tokenizer).independent(all);
    List<String> fillers =
        list.words().stream().map(Word::text).filter(independent::contains).toList();
    WordList.requireEnough(fillers.size(), tokenizer);
    CorpusWords verified = new CorpusWords(tokenizer, corpus, fillers);
    Corpus kept = verified.stableWords(independent);
    if (kept.order().length < Corpus.MIN_WORDS) {
      throw new IllegalArgumentException(
          "the corpus "
              + file
              + " must have at least "
              + Corpus.MIN_WORDS
              + " words whose tokens do not depend on their neighbours, got "
              + kept.order().length
              + " of "
              + corpus.order().length
              + " with the tokenizer "
              + tokenizer.name()
              + ": give a longer text");
    }
    return new CorpusText(fillers, kept, verified, list);
  }

  @Override
  public List<String> words() {
    return fillers;
  }

  @Override
  public Passage write(int length, SeededRandom random) {
    if (length == 0) {
      return Passage.EMPTY;
    }
    int start = random.nextInt(order.length);
    for (int i = 0; i < SEARCH; i++) {
      int place = (start + i) % order.length;
      if (openings.get(order[place]) && tokens[order[place]] <= length) {
        return run(new TextBytes(length * 8), length, length, place, random);
      }
    }
    return write(length, random.nextInt(fillers.size()), random);
  }

  @Override
  public Passage write(int length, int firstWord, SeededRandom random) {
    TextBytes text = new TextBytes(length * 8);
    text.add(spacedFillers[firstWord]);
    return run(text, length, length - 1, random.nextInt(order.length), random);
  }

  private Passage run(TextBytes text, int length, int missing, int start, SeededRandom random) {
    int left = missing;
    for (int place = start; left >= tokens[order[place]]; place = (place + 1) % order.length) {
      text.add(spaced[order[place]]);
      left -= tokens[order[place]];
    }
    for (; left > 0; left--) {
      text.add(spacedFillers[random.nextInt(fillers.size())]);
    }
    return Passage.of(text.text(), length, ids);
  }
}
