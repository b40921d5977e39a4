package dev.gatlingllm.prompt;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes small {@code tokenizer.json} files of the kinds that are not byte-level BPE. */
final class TinyModels {

  private static final String SPACE = "\u2581";
  private static final String METASPACE =
      "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"always\",\"split\":%s}";

  private TinyModels() {}

  /** Words of two or three syllables, so that each begins and ends like many others. */
  static List<String> words(int count) {
    Set<String> words = new LinkedHashSet<>();
    SeededRandom random = SeededRandom.of(5);
    while (words.size() < count) {
      StringBuilder word = new StringBuilder();
      for (int i = random.nextInt(2, 4); i > 0; i--) {
        word.append("bdfgklmnprst".charAt(random.nextInt(12)));
        word.append("aeiou".charAt(random.nextInt(5)));
      }
      words.add(word.toString());
    }
    return List.copyOf(words);
  }

  /** As BERT's: lower-cased, parted at white space and punctuation, {@code ##} within words. */
  static String wordPiece(int words) {
    Set<String> pieces = new LinkedHashSet<>(List.of("[UNK]"));
    letters().forEach(letter -> pieces.addAll(List.of(letter, "##" + letter)));
    pieces.addAll(words(words));
    return file(
        "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
            + "\"strip_accents\":null,\"lowercase\":true}",
        "{\"type\":\"BertPreTokenizer\"}",
        "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
        "{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","
            + "\"max_input_chars_per_word\":100,\"vocab\":{"
            + numbered(List.copyOf(pieces))
            + "}}");
  }

  /** As Llama 2's: nothing parts words, a mark stands for each space; some merges go over it. */
  static String sentencePieceBpe(int words, boolean preTokenizer) {
    List<String> bytes = IntStream.range(0, 256).mapToObj("<0x%02X>"::formatted).toList();
    Set<String> pieces = new LinkedHashSet<>(List.of("<unk>"));
    pieces.addAll(bytes);
    pieces.add(SPACE);
    pieces.addAll(letters());
    Set<String> merges = new LinkedHashSet<>();
    for (String word : words(words)) {
      String grown = SPACE;
      for (String letter : word.split("")) {
        merges.add(grown + " " + letter);
        grown += letter;
        pieces.add(grown);
      }
    }
    String first = SPACE + words(2).get(0);
    String second = SPACE + words(2).get(1);
    merges.add(first + " " + second);
    pieces.add(first + second);
    String normalizer =
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"\u2581\"},"
            + "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}]}";
    return file(
        preTokenizer ? "null" : normalizer,
        preTokenizer ? METASPACE.formatted("false") : "null",
        "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",\"pattern\":{\"String\":\""
            + "\u2581\"},\"content\":\" \"},{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"},"
            + "{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}]}",
        "{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":\"<unk>\",\"fuse_unk\":true,"
            + "\"byte_fallback\":true,\"vocab\":{"
            + numbered(List.copyOf(pieces))
            + "},\"merges\":["
            + merges.stream().map(merge -> '"' + merge + '"').collect(Collectors.joining(","))
            + "]}");
  }

  /** As T5's, but that nothing parts words, and that two pieces hold two words each. */
  static String unigram(int words) {
    List<String> pieces = new ArrayList<>();
    pieces.add("[\"<unk>\",0.0]");
    pieces.add("[\"" + SPACE + "\",-8.0]");
    letters().forEach(letter -> pieces.add("[\"" + letter + "\",-9.0]"));
    List<String> all = words(words);
    all.forEach(word -> pieces.add("[\"" + SPACE + word + "\",-10.0]"));
    pieces.add("[\"" + SPACE + all.get(0) + SPACE + all.get(1) + "\",-11.0]");
    pieces.add("[\"" + SPACE + all.get(2) + SPACE + "b\",-11.0]");
    return file(
        "null",
        METASPACE.formatted("false"),
        METASPACE.formatted("false"),
        "{\"type\":\"Unigram\",\"unk_id\":0,\"byte_fallback\":false,\"vocab\":["
            + String.join(",", pieces)
            + "]}");
  }

  private static Set<String> letters() {
    return IntStream.rangeClosed('a', 'z')
        .mapToObj(Character::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String numbered(List<String> pieces) {
    return IntStream.range(0, pieces.size())
        .mapToObj(i -> '"' + pieces.get(i) + "\":" + i)
        .collect(Collectors.joining(","));
  }

  private static String file(String normalizer, String preTokenizer, String decoder, String model) {
    return ("{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
            + "\"normalizer\":%s,\"pre_tokenizer\":%s,\"post_processor\":null,\"decoder\":%s,"
            + "\"model\":%s}")
        .formatted(normalizer, preTokenizer, decoder, model);
  }
}
