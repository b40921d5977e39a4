package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every declared setting has its place in llm-defaults.conf and in docs/settings.md. */
class SettingsPagesTest {

  private static final Path DEFAULTS = Path.of("src/main/resources/llm-defaults.conf");
  private static final Path PAGE = Path.of("docs/settings.md");

  private static final Pattern NAME = Pattern.compile("\\bllm\\.(?!conf\\b)[a-z]\\w*");

  private static List<Setting<?>> declared() {
    return List.copyOf(Setting.declared().values());
  }

  private static Map<String, String> rows() throws IOException {
    Map<String, String> defaults = new HashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = line.split("(?<!\\\\)\\|");
      if (line.startsWith("| `llm.")) {
        for (String name : cells[1].replace("`", "").split(",")) {
          defaults.put(name.strip(), cells[2].strip());
        }
      }
    }
    return defaults;
  }

  @Test
  void pageListsExactlyTheDeclaredSettings() throws IOException {
    assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(Setting.declared().keySet());
  }

  @ParameterizedTest
  @MethodSource("declared")
  void pageGivesTheDefault(Setting<?> setting) throws IOException {
    String text =
        SettingSource.file(getClass().getClassLoader(), "llm-defaults.conf").get(setting.key());
    String shown = rows().get(setting.key());

    if (text == null) {
      assertThat(shown).as(setting.key()).startsWith("none");
    } else {
      assertThat(shown).as(setting.key()).isEqualTo(text.isEmpty() ? "empty" : "`" + text + "`");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/coming-from.md", "docs/replay.md", "docs/report.md"})
  void pagesNameDeclaredSettings(Path page) throws IOException {
    assertThat(NAME.matcher(Files.readString(page)).results().map(MatchResult::group))
        .filteredOn(name -> !name.equals("llm.concurrency")) // an example of an unknown one
        .isSubsetOf(Setting.declared().keySet());
  }

  @ParameterizedTest
  @MethodSource("declared")
  void defaultsFileDescribesTheSetting(Setting<?> setting) throws IOException {
    String name = Pattern.quote(setting.key().substring("llm.".length()));

    assertThat(Files.readString(DEFAULTS))
        .containsPattern(Pattern.compile("(?m)^  # .+\\n  (# )?" + name + " = .+$"));
  }
}
