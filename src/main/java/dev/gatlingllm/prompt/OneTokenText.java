package dev.gatlingllm.prompt;

import dev.gatlingllm.prompt.WordList.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Random words of one token each, separated by single spaces. */
final class OneTokenText extends ExactText {

  private final List<String> words;
  private final byte[][] spaced;
  private final Passage.TokenIds ids;

  OneTokenText(WordList list) {
    words = list.words().stream().map(Word::text).toList();
    spaced = words.stream().map(TextBytes::spaced).toArray(byte[][]::new);
    Map<String, int[]> followingIds = new HashMap<>();
    list.words().forEach(word -> followingIds.put(word.text(), new int[] {word.followingId()}));
    ids = new WordIds(followingIds);
  }

  @Override
  public List<String> words() {
    return words;
  }

  @Override
  public Passage write(int tokens, SeededRandom random) {
    return tokens == 0 ? Passage.EMPTY : write(tokens, random.nextInt(spaced.length), random);
  }

  @Override
  public Passage write(int tokens, int firstWord, SeededRandom random) {
    TextBytes text = new TextBytes(tokens * 8);
    text.add(spaced[firstWord]);
    for (int i = 1; i < tokens; i++) {
      text.add(spaced[random.nextInt(spaced.length)]);
    }
    return Passage.of(text.text(), tokens, ids);
  }
}
