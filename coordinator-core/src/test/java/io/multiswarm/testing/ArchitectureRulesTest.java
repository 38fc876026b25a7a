package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A rule that matches nothing passes; so each is shown code that it must refuse. */
public class ArchitectureRulesTest {

  @Test
  void noBlocking_codeThatWaits_names() {
    assertThat(violations(ArchitectureRules.noBlocking(), Waits.class))
        .contains("Mono.block()", "Flux.blockLast(", "Thread.sleep(", "CompletableFuture.join()");
  }

  @Test
  void noWallClock_codeThatReadsIt_names() {
    assertThat(violations(ArchitectureRules.noWallClock(), ReadsClocks.class))
        .contains("System.currentTimeMillis()", "Instant.now()", "Clock.systemUTC()");
  }

  @Test
  void noGlobalSchedulers_codeThatUsesThem_names() {
    assertThat(violations(ArchitectureRules.noGlobalSchedulers(), UsesGlobalSchedulers.class))
        .contains("Schedulers.parallel()", "Schedulers.boundedElastic()", "Flux.interval(");
  }

  @Test
  void noGlobalSchedulers_injectedScheduler_passes() {
    assertThatCode(
            () ->
                ArchitectureRules.noGlobalSchedulers()
                    .check(new ClassFileImporter().importClasses(UsesItsOwnScheduler.class)))
        .doesNotThrowAnyException();
  }

  @Test
  void noLongConstructors_sevenParameters_names() {
    assertThat(violations(ArchitectureRules.noLongConstructors(), TakesSeven.class))
        .contains("takes 7");
  }

  @Test
  void everyPackageIsNullMarked_packageWithoutInfo_names() {
    assertThat(violations(ArchitectureRules.everyPackageIsNullMarked(), Instant.class))
        .contains("java.time is not");
  }

  @Test
  void onlyIn_libraryElsewhere_names() {
    ArchRule rule =
        ArchitectureRules.onlyIn(
            new String[] {"io.multiswarm.elsewhere.."}, "Reactor", "reactor..");

    assertThat(violations(rule, Waits.class)).contains("Reactor is a detail of those packages");
  }

  @Test
  void onlyIn_packageThatDoesNot_names() {
    ArchRule rule =
        ArchitectureRules.onlyIn(
            new String[] {"io.multiswarm.testing..", "io.multiswarm.elsewhere.."},
            "Reactor",
            "reactor..");

    assertThat(violations(rule, Waits.class))
        .contains("nothing in io.multiswarm.elsewhere.. uses it");
  }

  @Test
  void signaturesMentionNone_typesOfTheMachine_namesEach() {
    String violations =
        violations(ArchitectureRules.signaturesMentionNone("reactor.."), ShowsReactor.class);

    assertThat(violations)
        .contains(
            "ShowsReactor> mentions reactor.core.Disposable",
            "ShowsReactor.shown> mentions reactor.core.publisher.Flux",
            "mentions reactor.core.publisher.Mono",
            "mentions reactor.core.scheduler.Scheduler");
    assertThat(violations).doesNotContain("hidden");
  }

  @Test
  void rules_overNoClasses_fail() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> ArchitectureRules.noBlocking().check(new ClassFileImporter().importClasses()))
        .withMessageContaining("failed to check any classes");
  }

  @Test
  void mainClassesOf_packageWithoutClasses_isRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ArchitectureRules.mainClassesOf("io.multiswarm", "io.multiswarn.server"))
        .withMessage("no main classes in io.multiswarn.server");
  }

  private static String violations(ArchRule rule, Class<?>... classes) {
    var imported = new ClassFileImporter().importClasses(classes);
    return assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> rule.check(imported))
        .actual()
        .getMessage();
  }

  @SuppressWarnings("unused")
  private static final class Waits {
    void all() throws InterruptedException {
      Mono.just(1).block();
      Flux.just(1).blockLast(Duration.ZERO);
      Thread.sleep(1);
      CompletableFuture.completedFuture(1).join();
    }
  }

  @SuppressWarnings("unused")
  private static final class ReadsClocks {
    Object[] all() {
      return new Object[] {System.currentTimeMillis(), Instant.now(), Clock.systemUTC()};
    }
  }

  @SuppressWarnings("unused")
  private static final class UsesGlobalSchedulers {
    Object[] all() {
      return new Object[] {
        Schedulers.parallel(), Schedulers.boundedElastic(), Flux.interval(Duration.ZERO)
      };
    }
  }

  @SuppressWarnings("unused")
  private static final class UsesItsOwnScheduler {
    Disposable all(Scheduler scheduler) {
      return Flux.interval(Duration.ZERO, scheduler).subscribe();
    }
  }

  @SuppressWarnings("unused")
  public abstract static class ShowsReactor implements Disposable {
    protected Flux<String> shown = Flux.empty();
    private Flux<String> hiddenField = Flux.empty();

    protected ShowsReactor(Scheduler scheduler) {}

    public abstract List<Map<String, ? extends Mono<?>>> method();

    void hiddenMethod(Mono<?> none) {}
  }

  @SuppressWarnings("unused")
  private static final class TakesSeven {
    TakesSeven(int a, int b, int c, int d, int e, int f, int g) {}
  }
}
