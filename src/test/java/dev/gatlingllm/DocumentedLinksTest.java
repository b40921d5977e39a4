package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Follows what the pages of the project name: pages, anchors, classes. */
class DocumentedLinksTest {

  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE =
      Pattern.compile("^```.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("`(?:[a-z]+\\.)*([A-Z][a-z]\\w+)`");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @Test
  void eachLinkHasATarget() throws IOException {
    List<String> dangling = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        if (!link.group(1).matches("[a-z]+:.*") && !exists(page, link.group(1))) {
          dangling.add(page + ": " + link.group(1));
        }
      }
    }
    assertThat(dangling).isEmpty();
  }

  @Test
  void architectureNamesExistingClasses() throws IOException {
    Set<String> classes = new HashSet<>(Set.of("Optional"));
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      files.map(file -> file.getFileName().toString().replace(".java", "")).forEach(classes::add);
    }

    assertThat(CLASS.matcher(Files.readString(Path.of("docs/architecture.md"))).results())
        .extracting(name -> name.group(1))
        .isNotEmpty()
        .isSubsetOf(classes);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of(".", "docs", "examples")) {
      try (Stream<Path> files = Files.walk(Path.of(folder), folder.equals(".") ? 1 : 9)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }

  private static boolean exists(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    if (parts.length == 1 || !Files.isRegularFile(target)) {
      return Files.exists(target);
    }
    Matcher heading = HEADING.matcher(CODE.matcher(Files.readString(target)).replaceAll(""));
    return heading.results().anyMatch(found -> anchor(found.group(1)).equals(parts[1]));
  }

  /** Returns the anchor that GitHub gives to a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
