package io.multiswarm;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.multiswarm.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CORE = ArchitectureRules.mainClassesOf("io.multiswarm");

  private static final String[] REDIS = {"io.multiswarm.internal.redis.."};

  @Test
  void packages_always_haveNoCycles() {
    ArchitectureRules.noPackageCycles().check(CORE);
  }

  @Test
  void packages_always_areNullMarked() {
    ArchitectureRules.everyPackageIsNullMarked().check(CORE);
  }

  @Test
  void lettuce_outsideInternalRedis_isNotUsed() {
    // ConnectOptions takes the event loops that an application shares with its other clients.
    ArchitectureRules.onlyIn(REDIS, "Lettuce", "io.lettuce..")
        .check(CORE.that(are(not(simpleName("ConnectOptions")))));
  }

  @Test
  void netty_outsideInternalRedis_isNotUsed() {
    ArchitectureRules.onlyIn(REDIS, "Netty", "io.netty..").check(CORE);
  }

  @Test
  void jackson_outsideJson_isNotUsed() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.multiswarm.internal.json..")
        .and()
        .haveNameNotMatching("io\\.multiswarm\\.common\\.Json(Forms|MergePatch)?(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
        .allowEmptyShould(true)
        .because(
            "JSON passes through as bytes. Decode and encode with io.multiswarm.common.Json, or"
                + " in io.multiswarm.internal.json")
        .check(CORE);
  }

  @Test
  void mainCode_always_doesNotBlock() {
    ArchitectureRules.noBlocking().check(CORE);
  }

  @Test
  void mainCode_always_readsNoWallClock() {
    ArchitectureRules.noWallClock().check(CORE);
  }

  @Test
  void mainCode_always_usesInjectedSchedulers() {
    ArchitectureRules.noGlobalSchedulers().check(CORE);
  }

  @Test
  void constructors_always_takeFewThings() {
    ArchitectureRules.noLongConstructors().check(CORE);
  }
}
