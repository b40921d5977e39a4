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
 * Runs of consecutive words of a corpus, from random places, continuing at the start of the corpus
 * after its end; words of one token fill up where the next word of a run would be too long.
 */
final class CorpusText extends ExactText {

  /** How many words to look at for one that can begin a text. */
  private static final int SEARCH = 32;

  private final byte[][] spaced;
  private final int[] tokens;
  private final BitSet openings;
  private final int[] order;

  private CorpusText(
      List<String> fillers, Map<String, int[]> ids, Corpus corpus, CorpusWords verified) {
    super(fillers, ids);
    order = corpus.order();
    spaced = new byte[corpus.words().size()][];
    tokens = new int[spaced.length];
    openings = new BitSet(spaced.length);
    for (int word : Arrays.stream(order).distinct().toArray()) {
      spaced[word] = spaced(corpus.words().get(word));
      tokens[word] = verified.ids()[word].length;
      openings.set(word, verified.canOpen(word));
    }
  }

  static CorpusText of(Path file, Tokenizer tokenizer) {
    Corpus corpus = Corpus.read(file);
    WordList list = WordList.of(tokenizer);
    Set<String> all = new LinkedHashSet<>(list.texts());
    all.addAll(corpus.words());
    Set<String> independent = Vocabulary.of(tokenizer).independent(all);
    List<String> fillers = list.texts().stream().filter(independent::contains).toList();
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
    Map<String, int[]> ids = new HashMap<>();
    for (int word : kept.order()) {
      ids.put(kept.words().get(word), verified.ids()[word]);
    }
    ids.putAll(list.ids());
    return new CorpusText(fillers, ids, kept, verified);
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
        return run(new Text(length), length, place, random);
      }
    }
    return write(length, random.nextInt(words().size()), random);
  }

  @Override
  public Passage write(int length, int firstWord, SeededRandom random) {
    Text text = new Text(length).add(spaced(words().get(firstWord)));
    return run(text, length - 1, random.nextInt(order.length), random);
  }

  private Passage run(Text text, int missing, int start, SeededRandom random) {
    int left = missing;
    for (int place = start; left >= tokens[order[place]]; place = (place + 1) % order.length) {
      text.add(spaced[order[place]]);
      left -= tokens[order[place]];
    }
    return text.fill(left, random);
  }
}
