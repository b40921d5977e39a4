package dev.gatlingllm;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.gatling.javaapi.core.Simulation;
import java.net.URL;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the dependencies between packages. */
class ArchitectureTest {

  private static final String BASE = "dev.gatlingllm";
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importUrl(locationOf(LlmDsl.class));

  /**
   * The types that signatures of the DSL use: the only part of the root package that other packages
   * may use.
   */
  private static final DescribedPredicate<JavaClass> A_VALUE_TYPE =
      describe(
          "a value type",
          used ->
              Stream.of(
                      ContextPolicy.class,
                      Distribution.class,
                      FailurePolicy.class,
                      OnAbandon.class,
                      OnBrokenEntry.class,
                      Patience.class,
                      ReplayFormat.class,
                      ReplayTiming.class,
                      ReplyInHistory.class,
                      SystemRole.class,
                      Tokenizer.class)
                  .map(Class::getName)
                  .anyMatch(
                      name -> used.getBaseComponentType().getName().matches(name + "([$].*)?")));

  /** Returns where the classes beside one lie: importing packages would read every library. */
  private static URL locationOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @ParameterizedTest(name = "{0} knows {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "text | java",
        "prompt | ai.djl com.knuddels.jtokkit com.sun.management",
        "workload | prompt com.fasterxml.jackson org.apache.commons.math3",
        "conversation | prompt workload com.fasterxml.jackson",
        "stream | io.netty com.fasterxml.jackson",
        "metrics | stream com.fasterxml.jackson org.HdrHistogram org.apache.commons.math3"
            + " com.sun.management",
        "settings | prompt workload conversation com.typesafe.config",
        "server | prompt io.netty com.fasterxml.jackson picocli",
        "gatling | prompt workload conversation stream metrics report settings io.netty io.gatling"
            + " scala com.typesafe.scalalogging ch.qos.logback javax.net.ssl",
        "observe | metrics settings io.opentelemetry io.prometheus io.netty javax.net.ssl",
        "report | metrics picocli com.fasterxml.jackson javax.xml",
        "bench | metrics settings gatling report picocli org.openjdk.jmh"
            + " org.apache.commons.math3 com.fasterxml.jackson io.gatling.javaapi",
        "bench.result | metrics com.fasterxml.jackson org.openjdk.jmh",
        "bench.steady | metrics bench.result org.apache.commons.math3",
        "bench.compare | metrics bench.result bench.steady picocli",
        "bench.search | metrics bench.result bench.steady com.fasterxml.jackson",
        "cli | settings gatling report bench server picocli com.fasterxml.jackson org.HdrHistogram"
            + " io.gatling.javaapi"
      })
  void packageDependsOnlyOn(String room, String known) {
    String[] packages =
        Stream.concat(
                Stream.of(
                    BASE,
                    BASE + ".text..",
                    BASE + "." + room + "..",
                    "java..",
                    "org.slf4j..",
                    "org.jspecify.."),
                Stream.of(known.split(" "))
                    .map(name -> isLibrary(name) ? name : BASE + "." + name)
                    .map(name -> name + ".."))
            .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(BASE + "." + room + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(HOUSE);
  }

  private static boolean isLibrary(String name) {
    return name.matches("scala|picocli|.*\\..*") && !name.startsWith("bench.");
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void partsOfTheHarnessDoNotDependOnIt() {
    slices().matching(BASE + ".bench.(*)..").should().beFreeOfCycles().check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage(BASE + ".bench.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(BASE + ".bench")
        .check(HOUSE);
  }

  @Test
  void packagesUseOnlyTheValueTypesOfTheDsl() {
    noClasses()
        .that()
        .resideInAPackage(BASE + ".*..")
        .and()
        // has a simulation
        .resideOutsideOfPackage(BASE + ".cli")
        .should()
        .dependOnClassesThat(resideInAPackage(BASE).and(not(A_VALUE_TYPE)))
        .check(HOUSE);
  }

  @Test
  void buildPluginsFindNoSimulationInTheJar() {
    classes()
        .that()
        .areAssignableTo(Simulation.class)
        .should()
        .haveModifier(JavaModifier.ABSTRACT)
        .check(HOUSE);
  }

  @Test
  void valueTypesOfTheDslDependOnNoOtherPackage() {
    classes()
        .that(A_VALUE_TYPE)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", BASE + ".text").or(A_VALUE_TYPE))
        .check(HOUSE);
  }

  @Test
  void onlyTheGatlingPackageUsesGatlingsOrScalasInternals() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + ".gatling..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("scala..", "com.typesafe.scalalogging..", "io.gatling..")
                .and(not(resideInAnyPackage("io.gatling.javaapi..")))
                // what a builder of Gatling's Java DSL must return
                .and(not(equivalentTo(io.gatling.core.action.builder.ActionBuilder.class))))
        .check(HOUSE);
  }

  @Test
  void samplesAndContractNeedOnlyThePackagesThatUsersImport() {
    JavaClasses ofUsers =
        new ClassFileImporter()
            .importUrl(locationOf(ArchitectureTest.class))
            .that(resideInAnyPackage(BASE + ".samples", "contract"));

    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage(BASE + ".*..")
                .and(
                    not(
                        resideInAnyPackage(
                            BASE + ".bench", BASE + ".server", BASE + ".samples.."))))
        .check(ofUsers);
  }
}
