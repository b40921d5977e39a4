package dev.gatlingllm.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.endtoend.GatlingFork.Run;
import dev.gatlingllm.samples.SharedPrefixChat;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid input stops the run before its first request, with one clear error. */
class BadInputIT {

  /** One for each place that finds invalid values; unit tests have the values. */
  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "llm.user | 3 | Unknown setting llm.user; did you mean llm.users?",
        "llm.baseUrl | http://127.0.0.1:1 | llm.baseUrl = http://127.0.0.1:1: no server answers at"
            + " 127.0.0.1:1",
        "llm.goodput | ttft<500ms,speed>3 | llm.goodput = ttft<500ms,speed>3: 'speed>3'"
      })
  void stopsTheRunBeforeTheFirstRequest(
      String setting, String value, String message, @TempDir Path results) throws Exception {
    Run run = new GatlingFork(results).with(setting, value).alone().run(SharedPrefixChat.class);

    assertThat(run.exit()).isNotZero();
    assertThat(run.output())
        .as("a line between two rules")
        .containsPattern("={120}\\R" + Pattern.quote(message) + ".*\\R={120}\\R")
        .doesNotContain("\tat ", "Exception in thread");
    assertThat(run.folder()).isNull();
  }
}
