package elysia.deploy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The modules' arrows (docs/decisions/0001-architecture.md), kept by the build.
class ArchitectureTest {
  private static final JavaClasses CODE = code();

  /// Names of foreign classes suffice; reading them takes most of a minute.
  private static JavaClasses code() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("/test-classes/"))
        .importPackages("elysia");
  }

  @Test
  void arrowsBetweenModulesNeverTurnBack() {
    layeredArchitecture().consideringOnlyDependenciesInAnyPackage("elysia..").layer("core")
        .definedBy("elysia.core..").layer("git").definedBy("elysia.git..").layer("worker")
        .definedBy("elysia.worker..")
        .layer("coordinator").definedBy("elysia.coordinator..").layer("http")
        .definedBy("elysia.http..").layer("cli").definedBy("elysia.cli..").layer("deploy")
        .definedBy("elysia.deploy..").layer("testkit").definedBy("elysia.testkit..")
        .whereLayer("core").mayNotAccessAnyLayer().whereLayer("git")
        .mayOnlyAccessLayers("core").whereLayer("worker")
        .mayOnlyAccessLayers("core").whereLayer("coordinator")
        .mayOnlyAccessLayers("core", "git").whereLayer("http").mayOnlyAccessLayers("core")
        .whereLayer("cli").mayOnlyAccessLayers("core", "git").whereLayer("deploy")
        .mayNotBeAccessedByAnyLayer().whereLayer("testkit").mayOnlyAccessLayers("core")
        .whereLayer("testkit").mayNotBeAccessedByAnyLayer()
        .check(CODE);
  }

  @Test
  void pekkoStopsAtTheActors() {
    noClasses()
        .that(not(resideInAnyPackage("elysia.core.batch", "elysia.coordinator.repository",
            "elysia.coordinator.diagnose", "elysia.coordinator.dispatch",
            "elysia.coordinator.feed", "elysia.coordinator.cluster",
            "elysia.coordinator.event", "elysia.coordinator.rate", "elysia.worker",
            "elysia.worker.pool",
            "elysia.http..", "elysia.deploy..")))
        .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..")
        .because(
            "chunking, embedding, stores, git and the contract are plain Java that a plain unit test drives")
        .check(CODE);
  }

  @Test
  void workersAreUsedThroughTheirFrontDoor() {
    noClasses().that().resideInAnyPackage("elysia.deploy..").should().dependOnClassesThat(
        resideInAnyPackage("elysia.worker..").and(not(resideInAnyPackage("elysia.worker")))
            .and(not(simpleNameEndingWith("Settings"))))
        .because("a module is started by its root package and its settings").check(CODE);
  }

  @Test
  void clientStartsWithoutNodeLibraries() {
    noClasses().that().resideInAnyPackage("elysia.cli..", "elysia.git..").should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko..", "org.slf4j..", "io.micrometer..",
            "elysia.core.batch..")
        .because("a command must be there in a moment").check(CODE);
  }

  @Test
  void programsAreStartedInOnePlace() {
    noClasses().that(not(resideInAnyPackage("elysia.git.process", "elysia.cli.home",
        "elysia.bench..", "elysia.testkit..")))
        .should().dependOnClassesThat().areAssignableTo(ProcessBuilder.class)
        .because("GitEnvironmentIT holds what Git is given: no second Git may be started beside it")
        .check(CODE);
  }

  @Test
  void packagesOfAModuleHaveNoCycles() {
    for (String module : new String[]{"core", "git", "worker", "http", "coordinator", "deploy",
        "testkit"})
      slices().matching("elysia." + module + ".(*)..").should().beFreeOfCycles().check(CODE);
    slices().matching("elysia.cli.(**)").should().beFreeOfCycles().check(CODE);
  }
}
