package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunProblemsTest {

  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final RunProblems problems =
      new RunProblems(new PrintStream(console, true, StandardCharsets.UTF_8));

  private String console() {
    return console.toString(StandardCharsets.UTF_8);
  }

  @Test
  void namesWhatIsMissingAndWhy() {
    problems.attempt(
        "tokens.json",
        () -> {
          throw new IOException("No space left on device");
        });

    assertThat(console())
        .isEqualToNormalizingNewlines(
            "gatling-llm: tokens.json could not be written: IOException: No space left on"
                + " device\n");
    assertThat(problems.isAny()).isTrue();
  }

  @Test
  void goesOnAfterAnErrorOfAnyKind() {
    problems.attempt(
        "the list of runs",
        () -> {
          throw new OutOfMemoryError("Java heap space");
        });

    assertThat(console()).contains("OutOfMemoryError: Java heap space", "goesOnAfterAnError");
  }

  @Test
  void printsNoSecretOfACause() {
    problems.attempt(
        "tokens.json",
        () -> {
          throw new IllegalStateException(
              "no answer", new IllegalStateException("from http://bob:hunter-22@host/"));
        });

    assertThat(console()).contains("Caused by: ", "[redacted]@host").doesNotContain("hunter-22");
  }

  @Test
  void hasNoProblemOnceTheSecondAttemptSucceeds() {
    List<String> attempts = new ArrayList<>();
    problems.attemptTwice(
        "tokens.json",
        () -> {
          attempts.add("attempt");
          if (attempts.size() == 1) {
            throw new IOException("Too many open files");
          }
        });
    problems.retry();
    problems.retry();

    assertThat(attempts).hasSize(2);
    assertThat(console()).endsWith("tokens.json is written now" + System.lineSeparator());
    assertThat(problems.isAny()).isFalse();
  }

  @Test
  void keepsAProblemWhoseSecondAttemptFails() {
    problems.attemptTwice(
        "tokens.json",
        () -> {
          throw new IOException("No space left on device");
        });
    problems.add("requests.jsonl", new IOException("No space left on device"));
    problems.retry();

    assertThat(problems.isAny()).isTrue();
    assertThat(console().lines()).hasSize(2);
  }
}
