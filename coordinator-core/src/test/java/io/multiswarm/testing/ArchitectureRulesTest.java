package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A rule that matches nothing passes; so each is shown code that it must refuse. */
class ArchitectureRulesTest {

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
  private static final class TakesSeven {
    TakesSeven(int a, int b, int c, int d, int e, int f, int g) {}
  }
}
