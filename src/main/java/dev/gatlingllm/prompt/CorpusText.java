package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs of consecutive words of a corpus, from random places, which go on at the corpus's start
 * after its end; and words of one token where a run's next word would be too long.
 */
final class CorpusText extends ExactText {

  /** How far to look for a word to begin with. */
  private static final int SEARCH = 32;

  private final List<String> fillers;
  private final byte[][] spacedFillers;
  private final byte[][] spaced;
  private final int[] tokens;
  private final BitSet openings;
  private final int[] order;
  private final Passage.TokenIds ids;

  private CorpusText(List<String> fillers, Corpus corpus, CorpusWords counted, WordList list) {
    this.fillers = fillers;
    this.order = corpus.order();
    spacedFillers = fillers.stream().map(TextBytes::spaced).toArray(byte[][]::new);
    spaced = new byte[corpus.words().size()][];
    tokens = new int[spaced.length];
    openings = new BitSet(spaced.length);
    Map<String, int[]> known = new HashMap<>();
    for (int word : Arrays.stream(order).distinct().toArray()) {
      spaced[word] = TextBytes.spaced(corpus.words().get(word));
      tokens[word] = counted.ids()[word].length;
      openings.set(word, counted.mayOpen(word));
      known.put(corpus.words().get(word), counted.ids()[word]);
    }
    for (int i = 0; i < list.words().size(); i++) {
      known.put(list.words().get(i), new int[] {list.followingIds().get(i)});
    }
    ids = new WordIds(known);
  }

  static CorpusText of(Path file, Tokenizer tokenizer) {
    Corpus corpus = Corpus.read(file);
    WordList list = WordList.of(tokenizer);
    Set<String> all = new LinkedHashSet<>(list.words());
    all.addAll(corpus.words());
    Set<String> unjoined = Unjoined.of(all, Vocabulary.of(tokenizer).joints());
    List<String> fillers = list.words().stream().filter(unjoined::contains).toList();
    if (fillers.size() < WordList.TOO_FEW) {
      throw new IllegalArgumentException(
          "the tokenizer "
              + tokenizer.name()
              + " has "
              + fillers.size()
              + " words of one token, and "
              + WordList.TOO_FEW
              + " are needed to bring the runs of the corpus "
              + file
              + " to an exact length; leave the corpus out, or give a tokenizer with a larger"
              + " vocabulary");
    }
    CorpusWords counted = new CorpusWords(tokenizer, corpus, fillers);
    Corpus kept = counted.independent(unjoined);
    if (kept.order().length < Corpus.FEWEST) {
      throw new IllegalArgumentException(
          "of the "
              + corpus.order().length
              + " words of the corpus "
              + file
              + ", the tokenizer "
              + tokenizer.name()
              + " keeps "
              + kept.order().length
              + " apart from their neighbours, and at least "
              + Corpus.FEWEST
              + " are needed: give a longer text");
    }
    return new CorpusText(fillers, kept, counted, list);
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
