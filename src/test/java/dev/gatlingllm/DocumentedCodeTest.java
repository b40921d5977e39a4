package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles each Java block of README and docs as readers paste it: a whole file. */
class DocumentedCodeTest {

  private static final Pattern BLOCK =
      Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PUBLIC_CLASS = Pattern.compile("public (?:final )?class (\\w+)");

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void compiles(String place, String code, @TempDir Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-d", classes.toString());
      compiler.getTask(messages, files, null, options, null, List.of(new Block(code))).call();
    }
    assertThat(messages.toString()).as(place).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void sendsBodiesAsJson(String place, String code) {
    assertThat(code.split("\\.asJson\\(\\)", -1))
        .as(place)
        .hasSameSizeAs(code.split("\\.body\\(", -1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void assertsGoodputOfObjectivesThatItSets(String place, String code) {
    if (code.contains("goodputPercent()")) {
      assertThat(code).as(place).contains("goodput(\"");
    }
  }

  static Stream<Object[]> blocks() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<Object[]> blocks = new ArrayList<>();
    for (Path page : pages) {
      String text = Files.readString(page);
      Matcher block = BLOCK.matcher(text);
      while (block.find()) {
        long line = text.substring(0, block.start()).lines().count() + 1;
        blocks.add(new Object[] {page + ", line " + line, block.group(1)});
      }
    }
    return blocks.stream();
  }

  private static final class Block extends SimpleJavaFileObject {

    private final String code;

    Block(String code) {
      super(URI.create("memory:///" + className(code) + ".java"), JavaFileObject.Kind.SOURCE);
      this.code = code;
    }

    private static String className(String code) {
      Matcher name = PUBLIC_CLASS.matcher(code);
      return name.find() ? name.group(1) : "Documented";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
