package dev.gatlingllm.conversation;

import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A conversation whose tokens are words, each with an id that can be read off it: {@code w17} is
 * token 17.
 */
record ConversationOfWords(int turns, Passage systemPrompt, int questionTokens, int responseTokens)
    implements ConversationScript {

  ConversationOfWords(int turns, int systemTokens, int questionTokens, int responseTokens) {
    this(turns, words(0, systemTokens), questionTokens, responseTokens);
  }

  private static Passage words(int first, int count) {
    String text =
        IntStream.range(first, first + count)
            .mapToObj(i -> "w" + i)
            .collect(Collectors.joining(" "));
    return Passage.of(text, count, ConversationOfWords::ids);
  }

  private static int[] ids(String text) {
    String[] words = text.split(" ");
    int[] ids = new int[words.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Integer.parseInt(words[i].substring(1));
    }
    return ids;
  }

  @Override
  public String id() {
    return "words";
  }

  @Override
  public int group() {
    return 0;
  }

  @Override
  public Passage response(int turn) {
    return words(2_000 * turn + 1_000, responseTokens);
  }

  @Override
  public Question question(int turn) {
    return new Question(words(2_000 * turn, questionTokens), responseTokens);
  }
}
