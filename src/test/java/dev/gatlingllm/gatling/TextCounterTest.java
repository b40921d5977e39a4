package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.metrics.Response;
import dev.gatlingllm.prompt.Tokenizers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

class TextCounterTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  /** A tokenizer that can only count. */
  private record Counting(ToIntFunction<String> tokens) implements Tokenizer {

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public int[] encode(String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int count(String text) {
      return tokens.applyAsInt(text);
    }

    @Override
    public String decode(int... tokens) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int vocabularySize() {
      return 1;
    }
  }

  @Test
  void countsATextAsTheTokenizerDoes() {
    Tokenizer tokenizer = Tokenizers.resolve("o200k_base");
    String text = "How much wood would a woodchuck chuck? ".repeat(10_000);

    assertThat(new TextCounter(LONG).count(tokenizer, text).join())
        .isEqualTo(tokenizer.count(text));
  }

  @Test
  void givesATokenizerPiecesOfBoundedLength() {
    List<String> pieces = Collections.synchronizedList(new ArrayList<>());
    Tokenizer tokenizer =
        new Counting(
            piece -> {
              pieces.add(piece);
              return 1;
            });
    String text = "🙂".repeat(1_000_000);

    int tokens = new TextCounter(LONG).count(tokenizer, "a" + text).join();

    assertThat(pieces)
        .hasSize(tokens)
        .allMatch(piece -> piece.length() <= TextCounter.MAX_PIECE)
        .noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
    assertThat(String.join("", pieces)).isEqualTo("a" + text);
  }

  @Test
  void givesUpOnATextThatTakesTooLong() {
    CountDownLatch never = new CountDownLatch(1);
    Tokenizer stuck =
        new Counting(
            text -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 1;
            });
    TextCounter counter = new TextCounter(Duration.ofMillis(1));

    assertThat(counter.count(stuck, "one").join()).isEqualTo(Response.UNKNOWN);
    assertThat(counter.count(stuck, "waits behind it").join()).isEqualTo(Response.UNKNOWN);
    never.countDown();
  }

  @Test
  void survivesAnErrorOfATokenizer() {
    TextCounter counter = new TextCounter(LONG);
    Tokenizer broken =
        new Counting(
            text -> {
              throw new StackOverflowError();
            });

    assertThat(counter.count(broken, "text").join()).isEqualTo(Response.UNKNOWN);
    assertThat(counter.count(new Counting(String::length), "text").join()).isEqualTo(4);
  }
}
