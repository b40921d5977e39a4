package dev.gatlingllm.prompt;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the {@code tokenizer.json} of a small byte-level BPE, in the layout of GPT-2's: letters,
 * and words grown from them letter by letter. Some words' letters are claimed by another word's
 * merge, as in real vocabularies, so that the word is not one token after all.
 */
final class TinyBpe {

  private static final String SPACE = "Ġ";

  private TinyBpe() {}

  static String tokenizerJson(int words) {
    Set<String> pieces = new LinkedHashSet<>();
    for (char letter = 'a'; letter <= 'z'; letter++) {
      pieces.add(String.valueOf(letter));
    }
    pieces.add(SPACE);
    Set<String> merges = new LinkedHashSet<>();
    for (String start : new String[] {SPACE, ""}) {
      SeededRandom random = SeededRandom.of(11);
      for (int i = 0; i < words; i++) {
        grow(start, word(random), pieces, merges);
      }
    }
    return """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
         "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true},
         "post_processor":null,
         "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true},
         "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",
           "end_of_word_suffix":"","fuse_unk":false,
           "vocab":{%s},
           "merges":[%s]}}
        """
        .formatted(
            numbered(pieces).entrySet().stream()
                .map(piece -> quoted(piece.getKey()) + ":" + piece.getValue())
                .collect(Collectors.joining(",")),
            merges.stream().map(TinyBpe::quoted).collect(Collectors.joining(",")));
  }

  private static String word(SeededRandom random) {
    StringBuilder word = new StringBuilder();
    int length = random.nextInt(3, 7);
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private static void grow(String start, String word, Set<String> pieces, Set<String> merges) {
    String grown = start;
    for (String letter : word.split("")) {
      if (!grown.isEmpty()) {
        merges.add(grown + " " + letter);
        pieces.add(grown + letter);
      }
      grown += letter;
    }
  }

  private static Map<String, Integer> numbered(Set<String> pieces) {
    Map<String, Integer> numbered = new LinkedHashMap<>();
    pieces.forEach(piece -> numbered.put(piece, numbered.size()));
    return numbered;
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
