package dev.gatlingllm.benchmarks;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.prompt.Tokenizers;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Compares the cost of a prompt of exactly 1,000 tokens with the usual method: random ids are
 * decoded, and the text is encoded, cut or extended until its length is right.
 *
 * <pre>
 * mvn -q test-compile exec:exec@jmh -Djmh.args="ExactPrompt -prof gc -f 1 -wi 2 -i 3 -w 1 -r 1"
 * </pre>
 *
 * Another tokenizer: add {@code -p tokenizer=/models/qwen3/tokenizer.json} to the arguments.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ExactPromptBenchmark {

  private static final int TOKENS = 1000;
  private static final int TRIES = 100;

  /** A tokenizer, as in {@code llm.tokenizer}. */
  @Param("o200k_base")
  public String tokenizer;

  private final SeededRandom random = SeededRandom.of(42);
  private Tokenizer loaded;
  private ExactText text;

  /** Loads the tokenizer and its words. */
  @Setup
  public void load() {
    loaded = Tokenizers.resolve(tokenizer);
    text = ExactText.of(loaded);
  }

  /** Joins words that are known to be one token each. */
  @Benchmark
  public Passage wordsOfOneToken() {
    return text.write(TOKENS, random);
  }

  /** Decodes random ids, encodes the text, and corrects it until its length is right. */
  @Benchmark
  public String decodeEncodeFix() {
    int[] ids = randomIds(TOKENS);
    for (int i = 0; i < TRIES; i++) {
      String decoded = loaded.decode(ids);
      ids = loaded.encode(decoded);
      if (ids.length == TOKENS) {
        return decoded;
      }
      ids = resized(ids);
    }
    return loaded.decode(ids);
  }

  private int[] resized(int[] ids) {
    int[] resized = Arrays.copyOf(ids, TOKENS);
    for (int i = ids.length; i < TOKENS; i++) {
      resized[i] = random.nextInt(loaded.vocabularySize());
    }
    return resized;
  }

  private int[] randomIds(int count) {
    return random.ints(count, 0, loaded.vocabularySize()).toArray();
  }
}
