package io.multiswarm.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The rules that hold in every module; each says why it is there and what to do instead. */
public final class ArchitectureRules {

  private static final int MOST_PARAMETERS = 6;

  /** The one kind of class that may wait and read clocks: it starts and stops a process. */
  private static final DescribedPredicate<JavaClass> MAIN = simpleName("Main");

  /** To read all classes takes seconds, and what was read is not changed. */
  private static final Map<List<String>, JavaClasses> IMPORTED = new ConcurrentHashMap<>();

  private ArchitectureRules() {}

  /**
   * The main classes, not the tests, that lie in or below the packages. Rules over nothing hold, so
   * a package without classes is an error, and so is a rule whose {@code that} leaves none.
   */
  public static JavaClasses mainClassesOf(String... packages) {
    return IMPORTED.computeIfAbsent(List.of(packages), any -> imported(packages));
  }

  private static JavaClasses imported(String... packages) {
    JavaClasses imported =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(packages);
    for (String named : packages) {
      if (imported.stream().noneMatch(type -> within(named).test(type))) {
        throw new IllegalStateException("no main classes in " + named);
      }
    }
    return imported;
  }

  public static ArchRule noPackageCycles() {
    return slices()
        .assignedFrom(new OnePackageOneSlice())
        .should()
        .beFreeOfCycles()
        .because(
            "the package tree is the path of the data. Move the class that points back to the"
                + " package that owns the idea, or give it an interface there");
  }

  /** Only the given packages, and what lies below them, may use the library; and each does. */
  public static ArchRule onlyIn(String[] packages, String library, String... libraryPackages) {
    DescribedPredicate<JavaClass> ofLibrary = resideInAnyPackage(libraryPackages);
    return all(classesThatUse(ofLibrary))
        .should(resideInEachOf(packages))
        .as("only " + String.join(", ", packages) + " should use " + library)
        .because(
            library
                + " is a detail of those packages. Hide it there behind a type of our own, and"
                + " use that");
  }

  /**
   * What other code can see of the types outside {@code internal}: their public and protected
   * members, what they extend, and the arguments of generic types in these.
   */
  public static ArchRule signaturesMentionNone(String... packages) {
    return classes()
        .that(are(visibleFromEverywhere()))
        .and(are(not(resideInAPackage("..internal.."))))
        .should(mentionNoneOf(resideInAnyPackage(packages)))
        .because(
            "whoever embeds the library is tied to each type that its signatures mention. Say it"
                + " with a type of our own, and keep the machine below internal");
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
        .because(
            "virtual time only moves the injected Scheduler. Pass that one: operators that take a"
                + " Duration have an overload with a Scheduler");
  }

  public static ArchRule noLongConstructors() {
    return constructors()
        .that(describe("belong to classes", ArchitectureRules::declaresItsOwnParameters))
        .should(haveAtMost(MOST_PARAMETERS))
        .because(
            "a class that needs more has a second idea in it. Find it, or group them in a record");
  }

  public static ArchRule everyPackageIsNullMarked() {
    return all(packages())
        .should(beNullMarked())
        .because(
            "nullness is checked in marked packages only. Add a package-info.java with @NullMarked"
                + " and a sentence on what the package receives and gives");
  }

  private static DescribedPredicate<JavaClass> within(String named) {
    return resideInAnyPackage(named, named + "..");
  }

  private static DescribedPredicate<JavaClass> visibleFromEverywhere() {
    return describe("visible from everywhere", ArchitectureRules::isVisible);
  }

  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(ArchitectureRules::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return !modifiers.contains(JavaModifier.SYNTHETIC)
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }

  private static ArchCondition<JavaClass> mentionNoneOf(DescribedPredicate<JavaClass> refused) {
    return new ArchCondition<>("mention no types that " + refused.getDescription()) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
            .flatMap(parent -> parent.getAllInvolvedRawTypes().stream())
            .filter(refused)
            .forEach(named -> report(type, type.getDescription(), named, events));
        type.getMembers().stream()
            .filter(member -> isVisible(member.getModifiers()))
            .forEach(
                member ->
                    member.getAllInvolvedRawTypes().stream()
                        .filter(refused)
                        .forEach(named -> report(type, member.getDescription(), named, events)));
      }
    };
  }

  private static void report(
      JavaClass type, String where, JavaClass named, ConditionEvents events) {
    events.add(SimpleConditionEvent.violated(type, where + " mentions " + named.getName()));
  }

  private static ClassesTransformer<JavaClass> classesThatUse(
      DescribedPredicate<JavaClass> library) {
    return new AbstractClassesTransformer<>("classes that use it") {
      @Override
      public Iterable<JavaClass> doTransform(JavaClasses classes) {
        return classes.stream()
            .filter(
                type ->
                    type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency -> library.test(dependency.getTargetClass())))
            .toList();
      }
    };
  }

  private static ArchCondition<JavaClass> resideInEachOf(String... packages) {
    return new ArchCondition<>("reside in " + String.join(", ", packages)) {

      private final Set<String> unused = new LinkedHashSet<>(List.of(packages));

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        unused.removeIf(named -> resideInAnyPackage(named).test(type));
        if (!resideInAnyPackage(packages).test(type)) {
          events.add(SimpleConditionEvent.violated(type, type.getName() + " uses it"));
        }
      }

      @Override
      public void finish(ConditionEvents events) {
        unused.forEach(
            named ->
                events.add(
                    SimpleConditionEvent.violated(
                        named, "nothing in " + named + " uses it: take it off the list")));
      }
    };
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
