package io.multiswarm.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ClassesTransformer;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The rules that hold in every module; each says why it is there and what to do instead. */
public final class ArchitectureRules {

  private static final int MOST_PARAMETERS = 6;

  /** The one kind of class that may wait and read clocks: it starts and stops a process. */
  private static final DescribedPredicate<JavaClass> MAIN = simpleName("Main");

  private ArchitectureRules() {}

  /** The main classes, not the tests, that lie in or below the packages. */
  public static JavaClasses mainClassesOf(String... packages) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(packages);
  }

  public static ArchRule noPackageCycles() {
    return slices()
        .assignedFrom(new OnePackageOneSlice())
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .because(
            "the package tree is the path of the data. Move the class that points back to the"
                + " package that owns the idea, or give it an interface there");
  }

  /** Only the given packages, and what lies below them, may use the library. */
  public static ArchRule onlyIn(String[] packages, String library, String... libraryPackages) {
    return noClasses()
        .that(are(not(resideInAnyPackage(packages))))
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraryPackages))
        .allowEmptyShould(true)
        .as("only " + String.join(", ", packages) + " should use " + library)
        .because(
            library
                + " is a detail of those packages. Hide it there behind a type of our own, and"
                + " use that");
  }

  public static ArchRule noBlocking() {
    return noClasses()
        .that(are(not(MAIN)))
        .should()
        .callCodeUnitWhere(
            calls(
                "a call that blocks",
                target ->
                    (target.getName().startsWith("block") && owner(target, Publisher.class))
                        || is(target, Thread.class, "sleep", "join")
                        || (owner(target, Future.class)
                            && Set.of("get", "join").contains(target.getName()))))
        .allowEmptyShould(true)
        .because(
            "one blocked event loop stalls every connection it serves. Compose with the Mono or"
                + " Flux instead; only a class named Main may wait");
  }

  public static ArchRule noWallClock() {
    return noClasses()
        .that(are(not(MAIN)))
        .should()
        .callCodeUnitWhere(
            calls(
                "a reading of the wall clock",
                target ->
                    is(target, System.class, "currentTimeMillis")
                        || is(target, Instant.class, "now")
                        || (owner(target, Clock.class) && target.getName().startsWith("system"))))
        .allowEmptyShould(true)
        .because(
            "clocks of nodes disagree and virtual time cannot move them. Ask the injected"
                + " Scheduler (now), or compare with Redis TIME inside the script");
  }

  public static ArchRule noGlobalSchedulers() {
    return noClasses()
        .that(are(not(MAIN)))
        .should()
        .callCodeUnitWhere(
            calls(
                "a scheduler that was not injected",
                target ->
                    is(target, Schedulers.class, "parallel", "boundedElastic", "single")
                        || (owner(target, Publisher.class) && takesDurationButNoScheduler(target))))
        .allowEmptyShould(true)
        .because(
            "virtual time only moves the injected Scheduler. Pass that one: operators that take a"
                + " Duration have an overload with a Scheduler");
  }

  public static ArchRule noLongConstructors() {
    return constructors()
        .that(describe("belong to classes", ArchitectureRules::declaresItsOwnParameters))
        .should(haveAtMost(MOST_PARAMETERS))
        .allowEmptyShould(true)
        .because(
            "a class that needs more has a second idea in it. Find it, or group them in a record");
  }

  public static ArchRule everyPackageIsNullMarked() {
    return all(packages())
        .should(beNullMarked())
        .allowEmptyShould(true)
        .because(
            "nullness is checked in marked packages only. Add a package-info.java with @NullMarked"
                + " and a sentence on what the package receives and gives");
  }

  private static DescribedPredicate<JavaAccess<?>> calls(
      String what, Predicate<CodeUnitCallTarget> targets) {
    return describe(
        what,
        access -> access.getTarget() instanceof CodeUnitCallTarget target && targets.test(target));
  }

  private static boolean is(CodeUnitCallTarget target, Class<?> owner, String... names) {
    return target.getOwner().isEquivalentTo(owner) && Set.of(names).contains(target.getName());
  }

  private static boolean owner(CodeUnitCallTarget target, Class<?> type) {
    return target.getOwner().isAssignableTo(type);
  }

  private static boolean takesDurationButNoScheduler(CodeUnitCallTarget target) {
    return target.getRawParameterTypes().stream().anyMatch(assignableTo(Duration.class))
        && target.getRawParameterTypes().stream().noneMatch(assignableTo(Scheduler.class));
  }

  /** Records hold values; the constructors of enums and inner classes have hidden parameters. */
  private static boolean declaresItsOwnParameters(JavaCodeUnit constructor) {
    JavaClass owner = constructor.getOwner();
    return !owner.isRecord() && !owner.isEnum() && !owner.isInnerClass();
  }

  private static ArchCondition<JavaCodeUnit> haveAtMost(int parameters) {
    return new ArchCondition<>("have at most " + parameters + " parameters") {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        int count = unit.getRawParameterTypes().size();
        if (count > parameters) {
          events.add(
              SimpleConditionEvent.violated(unit, unit.getDescription() + " takes " + count));
        }
      }
    };
  }

  private static ClassesTransformer<JavaPackage> packages() {
    return new AbstractClassesTransformer<>("packages") {
      @Override
      public Iterable<JavaPackage> doTransform(JavaClasses classes) {
        Set<JavaPackage> packages = new LinkedHashSet<>();
        classes.forEach(type -> packages.add(type.getPackage()));
        return packages;
      }
    };
  }

  private static ArchCondition<JavaPackage> beNullMarked() {
    return new ArchCondition<>("be @NullMarked") {
      @Override
      public void check(JavaPackage checked, ConditionEvents events) {
        if (!checked.isAnnotatedWith(NullMarked.class)) {
          events.add(SimpleConditionEvent.violated(checked, checked.getName() + " is not"));
        }
      }
    };
  }

  private static final class OnePackageOneSlice implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith("io.multiswarm")
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of io.multiswarm";
    }
  }
}
