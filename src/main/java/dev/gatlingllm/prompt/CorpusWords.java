package dev.gatlingllm.prompt;

import dev.gatlingllm.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds the words of a corpus that keep their tokens whatever stands next to them, by tokenizing
 * the whole corpus: word by word, and in runs of consecutive words as texts will have them.
 */
final class CorpusWords {

  private final Tokenizer tokenizer;
  private final Corpus corpus;
  private final List<String> fillers;
  private final String anchor;
  private final int[] anchorIds;
  private final int[][] ids;
  private final BitSet removed = new BitSet();

  /**
   * @param fillers words of one token, which will stand next to the corpus's words
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
        removed.set(word);
      }
    }
  }

  /** Returns the tokens of each word after a space; empty for a word that was removed. */
  int[][] ids() {
    return ids;
  }

  /** Returns whether a word has as many tokens at the start of a text as after a space. */
  boolean canOpen(int word) {
    return tokenizer.count(corpus.words().get(word)) == ids[word].length;
  }

  /**
   * Returns the corpus without the words whose tokens depend on their neighbours.
   *
   * @param independent the words that no piece of the vocabulary can merge
   */
  Corpus stableWords(Set<String> independent) {
    for (int word = 0; word < ids.length; word++) {
      if (!independent.contains(corpus.words().get(word))
          || (!removed.get(word) && !isStableNextToFiller(word))) {
        removed.set(word);
      }
    }
    Corpus kept = corpus.without(removed);
    int before = -1;
    // each removal makes new neighbours, which may be unstable too
    while (removed.cardinality() != before && kept.order().length > 0) {
      before = removed.cardinality();
      removeUnstable(kept.order());
      kept = kept.without(removed);
    }
    return kept;
  }

  private boolean isStableNextToFiller(int word) {
    String filler = fillers.get(word % fillers.size());
    String text = corpus.words().get(word);
    return Arrays.equals(
        idsAfterSpace(text + " " + filler + " " + text),
        concatenated(List.of(ids[word], idsAfterSpace(filler), ids[word])));
  }

  /** Runs overlap by one word, and the last word precedes the first. */
  private void removeUnstable(int[] order) {
    for (int start = 0; start < order.length; start += WordList.RUN) {
      int end = Math.min(start + WordList.RUN, order.length);
      List<Integer> run =
          IntStream.rangeClosed(start, end).mapToObj(i -> order[i % order.length]).toList();
      WordList.unstable(run, this::isStable).forEach(removed::set);
    }
  }

  private boolean isStable(List<Integer> run) {
    String text = String.join(" ", run.stream().map(corpus.words()::get).toList());
    return Arrays.equals(
        idsAfterSpace(text), concatenated(run.stream().map(word -> ids[word]).toList()));
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
