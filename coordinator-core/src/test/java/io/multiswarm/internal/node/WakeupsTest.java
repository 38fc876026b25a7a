package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class WakeupsTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final VirtualTime time = new VirtualTime();
  private final Set<String> decided = ConcurrentHashMap.newKeySet();
  private final List<Integer> looks = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private final Wakeups wakeups =
      new Wakeups(
          time.scheduler(),
          ids -> {
            looks.add(ids.size());
            return Flux.fromIterable(ids).filter(decided::contains);
          });

  @AfterEach
  void end() {
    time.close();
  }

  private Disposable waitFor(String id, Duration atMost) {
    Mono<String> ask =
        Mono.fromSupplier(
            () -> {
              questions.add(id);
              return decided.contains(id) ? "decided" : "open";
            });
    return wakeups
        .until(id, ask, answer -> answer.equals("open") ? Optional.of(atMost) : Optional.empty())
        .subscribe(answer -> answers.add(id));
  }

  @Test
  void waiting_ofAThousandForAMinute_costsAQuestionEachAndFewLooks() {
    for (int i = 0; i < 1_000; i++) {
      waitFor("c" + i, LONG);
    }
    time.advance(Duration.ofMinutes(1));
    assertThat(questions).hasSize(1_000);
    assertThat(looks).hasSize(24).allMatch(ids -> ids == 500);
  }

  @Test
  void signal_makesItAskAgainAtOnce_andOnlyTheOneThatIsMeant() {
    waitFor("a", LONG);
    waitFor("b", LONG);
    decided.add("a");
    wakeups.wake("a");
    assertThat(answers).containsExactly("a");
    assertThat(questions).containsExactly("a", "b", "a");
  }

  @Test
  void signal_thatIsLost_isMadeUpForByTheNextLook() {
    waitFor("a", LONG);
    decided.add("a");
    time.advance(Duration.ofSeconds(5));
    assertThat(answers).containsExactly("a");
  }

  @Test
  void signalsLost_looksAtOnce() {
    waitFor("a", LONG);
    decided.add("a");
    wakeups.signalsLost();
    time.advance(Duration.ZERO);
    assertThat(answers).containsExactly("a");
  }

  @Test
  void deadline_ofTheAnswer_makesItAskAgain() {
    waitFor("a", Duration.ofSeconds(2));
    decided.add("a");
    time.advance(Duration.ofMillis(1_999));
    assertThat(answers).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(answers).containsExactly("a");
  }

  @Test
  void waiting_thatIsCancelled_costsNothingMore() {
    Disposable one = waitFor("a", Duration.ofSeconds(2));
    one.dispose();
    time.advance(Duration.ofMinutes(1));
    assertThat(questions).containsExactly("a");
    assertThat(wakeups.isAwaited("a")).isFalse();
    assertThat(looks).isEmpty();
  }
}
