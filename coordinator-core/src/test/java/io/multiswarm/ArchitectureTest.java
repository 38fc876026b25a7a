package io.multiswarm;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.multiswarm.testing.ArchitectureRules;
import io.multiswarm.testing.SourceRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CORE = ArchitectureRules.mainClassesOf("io.multiswarm");

  private static final SourceRules SOURCES = SourceRules.ofModules("../coordinator-core");

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
  void signatures_ofTheApi_mentionNothingOfTheMachine() {
    // An application that shares its event loops with us has Lettuce's ClientResources at hand: a
    // type of ours over them would only be copied from and to.
    ArchitectureRules.signaturesMentionNone(
            "io.multiswarm.internal..",
            "io.lettuce..",
            "io.netty..",
            "tools.jackson..",
            "com.fasterxml.jackson..")
        .check(CORE.that(are(not(simpleName("ConnectOptions")))));
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
    // Handlers runs what applications give us, which needs threads that may be blocked, not a
    // clock.
    ArchitectureRules.noGlobalSchedulers().check(CORE.that(are(not(simpleName("Handlers")))));
  }

  @Test
  void constructors_always_takeFewThings() {
    ArchitectureRules.noLongConstructors().check(CORE);
  }

  @Test
  void filesAndMethods_always_areShort() {
    // The facade has one line for each name of the design, and what each promises.
    assertThat(
            List.of(
                "io.multiswarm.MultiSwarmCoordination", "io.multiswarm.internal.redis.RedisLink"))
        .containsAll(SOURCES.longFiles().keySet());
    assertThat(SOURCES.longMethods()).isEmpty();
  }

  @Test
  void packages_always_fitInOnesMind() {
    // All that knows Lettuce, which hides its parts from everybody else.
    assertThat(List.of("io.multiswarm.internal.redis"))
        .containsAll(SOURCES.largePackages().keySet());
  }

  @Test
  void types_ofTheMachine_areHiddenWhereTheyCanBe() {
    assertThat(SOURCES.hiddenPercent("io.multiswarm.internal")).isGreaterThanOrEqualTo(60);
  }

  /** What belongs to one type alone is nested in it: a reader of a package meets the main ones. */
  @Test
  void theApi_always_isSmall() {
    long api = SOURCES.countOfPublicTypes(name -> !name.startsWith("io.multiswarm.internal"));

    assertThat(api).isBetween(50L, 105L);
  }

  @Test
  void theApi_always_isDocumented() {
    assertThat(SOURCES.undocumented(name -> !name.startsWith("io.multiswarm.internal."))).isEmpty();
  }
}
