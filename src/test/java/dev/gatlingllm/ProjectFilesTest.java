package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * What {@code pom.xml} promises: pinned plugins, listed licences, and when tests and checks run;
 * and which files are none of the project.
 */
class ProjectFilesTest {

  private static final XPath XPATH = XPathFactory.newInstance().newXPath();

  private static List<String> inPom(String path) throws Exception {
    return in(Path.of("pom.xml"), path);
  }

  /** Returns the texts of a POM's nodes; fails if it is not XML. */
  private static List<String> in(Path file, String path) throws Exception {
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    NodeList found = (NodeList) XPATH.evaluate(path, pom, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void pinsEveryPluginOfMavensLifecycle() throws Exception {
    assertThat(inPom("/project/build//plugin[version]/artifactId"))
        .contains(
            "maven-clean-plugin",
            "maven-resources-plugin",
            "maven-compiler-plugin",
            "maven-surefire-plugin",
            "maven-failsafe-plugin",
            "maven-jar-plugin",
            "maven-install-plugin",
            "maven-deploy-plugin",
            "maven-site-plugin");
  }

  @Test
  void usesNoPluginWithoutAVersion() throws Exception {
    assertThat(inPom("//plugin[not(version)]/artifactId")).isEmpty();
  }

  @Test
  void skipsIntegrationTestsWithAllTests() throws Exception {
    assertThat(inPom("/project/properties/skipITs")).containsExactly("${skipTests}");
  }

  @Test
  void checksTheFormatOnlyWhenTheBuildIsVerified() throws Exception {
    assertThat(inPom("//plugin[artifactId='spotless-maven-plugin']//phase"))
        .containsExactly("verify");
    assertThat(inPom("/project/properties/spotless.check.skip")).containsExactly("${skipTests}");
  }

  @Test
  void examplesUseTheVersionsOfTheBuild() throws Exception {
    String gatling = inPom("/project/properties/gatling.version").get(0);
    String ours = inPom("/project/version").get(0);

    for (String example : List.of("maven", "kotlin", "scala")) {
      Path pom = Path.of("examples", example, "pom.xml");
      assertThat(in(pom, "/project/properties/gatling.version"))
          .as(example)
          .containsExactly(gatling);
      assertThat(in(pom, "/project/properties/gatling-llm.version"))
          .as(example)
          .containsExactly(ours);
    }
    assertThat(Path.of("examples/gradle/build.gradle"))
        .content()
        .contains("'io.gatling.gradle' version '" + gatling, "dev.gatlingllm:gatling-llm:" + ours)
        .as("a toolchain allows exactly one version of the JDK")
        .doesNotContain("toolchain");
  }

  @ParameterizedTest
  @CsvSource({
    "java/example/ChatSimulation.java",
    "resources/llm.conf",
    "resources/logback-test.xml",
  })
  void examplesForMavenAndGradleAreTheSame(String file) {
    assertThat(Path.of("examples/gradle/src/gatling", file))
        .hasSameTextualContentAs(Path.of("examples/maven/src/test", file));
  }

  @Test
  void keepsNoLogOfARun() throws Exception {
    assumeThat(Path.of(".git")).exists();
    Process git = new ProcessBuilder("git", "ls-files", "*.log").redirectErrorStream(true).start();

    assertThat(git.getInputStream()).isEmpty();
  }

  @Test
  void listsTheLicenceOfEveryDependency() throws Exception {
    String page = Files.readString(Path.of("docs/licences.md"));

    assertThat(inPom("/project/dependencies/dependency[not(scope)]/groupId"))
        .isNotEmpty()
        .allSatisfy(group -> assertThat(page).contains("`" + group + "`"));
  }
}
