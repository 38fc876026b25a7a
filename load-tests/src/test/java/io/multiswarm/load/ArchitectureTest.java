package io.multiswarm.load;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.multiswarm.testing.ArchitectureRules;
import io.multiswarm.testing.SourceRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses HARNESS =
      ArchitectureRules.mainClassesOf("io.multiswarm.load")
          .that(not(resideInAPackage("..jmh_generated..")));

  private static final SourceRules SOURCES = SourceRules.ofModules("../load-tests");

  @Test
  void packages_always_haveNoCycles() {
    ArchitectureRules.noPackageCycles().check(HARNESS);
  }

  @Test
  void packages_always_areNullMarked() {
    ArchitectureRules.everyPackageIsNullMarked().check(HARNESS);
  }

  @Test
  void constructors_always_takeFewThings() {
    ArchitectureRules.noLongConstructors().check(HARNESS);
  }

  @Test
  void server_fromTheHarness_isMeasuredFromOutside() {
    noClasses()
        .that()
        .resideInAPackage("io.multiswarm.load..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.multiswarm.server..", "io.multiswarm.internal..")
        .because(
            "a bug in a codec that both sides share would cancel itself out. Speak the wire"
                + " protocol with the harness's own client, and start the server as a process")
        .check(HARNESS);
  }

  @Test
  void filesAndMethods_always_areShort() {
    assertThat(SOURCES.longFiles()).isEmpty();
    assertThat(SOURCES.longMethods()).isEmpty();
  }

  @Test
  void packages_always_fitInOnesMind() {
    assertThat(SOURCES.largePackages()).isEmpty();
  }

  @Test
  void types_ofTheHarness_areHiddenWhereTheyCanBe() {
    assertThat(SOURCES.hiddenPercent("io.multiswarm.load")).isGreaterThanOrEqualTo(60);
  }

  @Test
  void names_ofAllModules_standForOneTypeEach() {
    SourceRules all =
        SourceRules.ofModules("../coordinator-core", "../coordinator-server", "../load-tests");

    assertThat(all.countOfTypes()).isGreaterThan(900);
    assertThat(all.ambiguousNames()).isEmpty();
  }
}
