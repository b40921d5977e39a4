package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every declared setting can be set in a file, in the environment and on the command line. */
class SettingSourceTest {

  private static final Path DEFAULTS = Path.of("src/main/resources/llm-defaults.conf");

  /** The default or example of each setting, as a file has it. */
  private static Map<String, String> examples;

  private static List<Setting<?>> declared() {
    return List.copyOf(Setting.declared().values());
  }

  @BeforeAll
  static void readExamplesFromAFile(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("llm.conf"),
        Files.readString(DEFAULTS).replaceAll("(?m)^  # (?=[A-Za-z]+ = )", "  "));
    try (URLClassLoader classPath = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      examples = SettingSource.file(classPath, "llm.conf");
      examples.put(Setting.VARIABLE_PREFIX.key(), "llm_");
    }
  }

  @Test
  void fileHasAValueOfEverySetting() {
    assertThat(examples.keySet()).containsExactlyInAnyOrderElementsOf(Setting.declared().keySet());
  }

  @ParameterizedTest
  @MethodSource("declared")
  void environmentAndCommandLineGiveTheValueOfTheFile(Setting<?> setting) {
    String text = examples.get(setting.key());
    Properties properties = new Properties();
    properties.setProperty(setting.key(), text);

    assertThat(SettingSource.environment(Map.of(setting.variable(), text)))
        .isEqualTo(SettingSource.properties(properties))
        .isEqualTo(Map.of(setting.key(), text));
  }

  @ParameterizedTest
  @MethodSource("declared")
  void blankVariableIsNotSet(Setting<?> setting) {
    assertThat(SettingSource.environment(Map.of(setting.variable(), " \n"))).isEmpty();
  }

  @Test
  void fileMayHaveTheValueOfASettingOutsideOfItsBlock(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("common.conf"), "model = m1");
    Files.writeString(
        folder.resolve("llm.conf"), "include \"common.conf\"\nllm { model = ${model}-fp8 }");

    try (URLClassLoader classPath = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      assertThat(SettingSource.file(classPath, "llm.conf"))
          .containsOnly(Map.entry("llm.model", "m1-fp8"));
    }
  }

  @Test
  void fileWithASettingOutsideOfItsBlockIsAnError(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("llm.conf"), "n = 3\nusers = ${n}\nllm { groups = ${n} }");

    try (URLClassLoader classPath = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      assertThatThrownBy(() -> SettingSource.file(classPath, "llm.conf"))
          .isInstanceOf(SettingException.class)
          .hasMessage("llm.conf: users must be in llm { … }, or be written as llm.users");
    }
  }

  @Test
  void namesAllUnknownSettings() {
    Properties properties = new Properties();
    properties.setProperty("llm.usres", "3");
    properties.setProperty("llm.apiKey", "k");
    properties.setProperty("llm.concurrency", "3");

    assertThatThrownBy(() -> SettingSource.properties(properties))
        .message()
        .hasLineCount(3)
        .contains("LLM_API_KEY", "llm.usres; did you mean llm.users?");
  }

  @Test
  void wordsOfOtherToolsStandForOneSettingEach() {
    assertThat(Setting.declared().keySet()).containsAll(SettingSource.ELSEWHERE.keySet());
    assertThat(SettingSource.ELSEWHERE.values().stream().flatMap(Set::stream))
        .doesNotHaveDuplicates()
        .allMatch(word -> !Setting.declared().containsKey("llm." + word));
  }

  @Test
  void variablesDifferAndAreNamedAsShellsAllow() {
    assertThat(declared().stream().map(Setting::variable))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("LLM(_[A-Z]+)+"));
  }
}
