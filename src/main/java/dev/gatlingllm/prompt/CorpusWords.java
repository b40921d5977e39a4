package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The words of a corpus that are the same tokens whatever stands beside them, found by encoding the
 * whole corpus: once word by word, and once in runs of consecutive words, as texts will have them.
 * Words that do not hold are left out of the corpus.
 */
final class CorpusWords {

  private static final int RUN = 64;

  private final Tokenizer tokenizer;
  private final Corpus corpus;
  private final List<String> fillers;
  private final String anchor;
  private final int[] anchorIds;
  private final int[][] ids;
  private final BitSet dropped = new BitSet();

  /**
   * @param fillers words of one token, which stand beside the corpus's
   */
  CorpusWords(Tokenizer tokenizer, Corpus corpus, List<String> fillers) {
    this.tokenizer = tokenizer;
    this.corpus = corpus;
    this.fillers = fillers;
    this.anchor = fillers.get(0);
    this.anchorIds = tokenizer.encode(anchor);
    this.ids = new int[corpus.words().size()][];
    for (int word = 0; word < ids.length; word++) {
      ids[word] = idsAfterSpace(corpus.words().get(word));
      if (ids[word].length == 0) {
        dropped.set(word);
      }
    }
  }

  /** Each word's tokens after a space; none for a word that is no token or not independent. */
  int[][] ids() {
    return ids;
  }

  /** Whether a word has as many tokens at the start of a text as after a space. */
  boolean mayOpen(int word) {
    return tokenizer.count(corpus.words().get(word)) == ids[word].length;
  }

  /**
   * The corpus without the words that depend on their neighbours.
   *
   * @param unjoined the words that no piece of the vocabulary can join
   */
  Corpus independent(Set<String> unjoined) {
    for (int word = 0; word < ids.length; word++) {
      if (!unjoined.contains(corpus.words().get(word))) {
        dropped.set(word);
      }
    }
    checkBesideFillers();
    Corpus kept = corpus.without(dropped);
    int before = -1;
    // leaving words out makes new neighbours, which may not hold either
    while (dropped.cardinality() != before && kept.order().length > 0) {
      before = dropped.cardinality();
      checkRuns(kept.order());
      kept = kept.without(dropped);
    }
    return kept;
  }

  private void checkBesideFillers() {
    for (int word = 0; word < ids.length; word++) {
      if (!dropped.get(word)) {
        String filler = fillers.get(word % fillers.size());
        int[] after = idsAfterSpace(filler);
        int[] expected = concatenated(List.of(ids[word], after, ids[word]));
        String text = corpus.words().get(word);
        if (!Arrays.equals(idsAfterSpace(text + " " + filler + " " + text), expected)) {
          dropped.set(word);
        }
      }
    }
  }

  /** Runs overlap by a word, and the last word is beside the first. */
  private void checkRuns(int[] order) {
    for (int start = 0; start < order.length; start += RUN) {
      int end = Math.min(start + RUN, order.length);
      int[] run =
          IntStream.rangeClosed(start, end).map(place -> order[place % order.length]).toArray();
      if (!holds(run)) {
        culprits(run).forEach(dropped::set);
      }
    }
  }

  /** Both words of each pair that does not hold, or all words where every pair does. */
  private Collection<Integer> culprits(int[] run) {
    Set<Integer> culprits = new LinkedHashSet<>();
    for (int i = 1; i < run.length; i++) {
      if (!holds(run[i - 1], run[i])) {
        culprits.add(run[i - 1]);
        culprits.add(run[i]);
      }
    }
    return culprits.isEmpty() ? Arrays.stream(run).boxed().toList() : culprits;
  }

  private boolean holds(int... run) {
    List<String> words = Arrays.stream(run).mapToObj(corpus.words()::get).toList();
    int[] expected = concatenated(Arrays.stream(run).mapToObj(word -> ids[word]).toList());
    return Arrays.equals(idsAfterSpace(String.join(" ", words)), expected);
  }

  private int[] idsAfterSpace(String text) {
    int[] all = tokenizer.encode(anchor + " " + text);
    boolean apart =
        all.length > anchorIds.length
            && Arrays.equals(anchorIds, Arrays.copyOf(all, anchorIds.length));
    return apart ? Arrays.copyOfRange(all, anchorIds.length, all.length) : new int[0];
  }

  private static int[] concatenated(List<int[]> parts) {
    return parts.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
