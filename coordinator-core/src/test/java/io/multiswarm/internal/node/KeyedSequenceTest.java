package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class KeyedSequenceTest {

  private final KeyedSequence sequence = new KeyedSequence("swarms");
  private final List<String> begun = new ArrayList<>();
  private final Sinks.Empty<Void> first = Sinks.empty();

  private Mono<Void> write(String name, Mono<Void> until) {
    return sequence.inTurn(
        "s",
        Mono.defer(
            () -> {
              begun.add(name);
              return until;
            }));
  }

  @Test
  void writes_ofOneSwarm_waitForTheOneBefore() {
    write("a", first.asMono()).subscribe();
    write("b", Mono.empty()).subscribe();
    sequence.inTurn("other", Mono.fromRunnable(() -> begun.add("other"))).subscribe();

    assertThat(begun).containsExactly("a", "other");
    first.tryEmitEmpty().orThrow();
    assertThat(begun).containsExactly("a", "other", "b");
  }

  @Test
  void write_afterOneThatFailed_takesItsTurn() {
    write("a", first.asMono()).onErrorComplete().subscribe();
    write("b", Mono.empty()).subscribe();
    first.tryEmitError(new IllegalStateException("expected")).orThrow();

    assertThat(begun).containsExactly("a", "b");
  }

  @Test
  void writes_thatFailAsTheyBegin_doNotNest() {
    int many = 10_000;
    AtomicInteger ended = new AtomicInteger();
    write("a", first.asMono()).subscribe();
    for (int i = 0; i < many; i++) {
      sequence
          .inTurn("s", Mono.error(new IllegalStateException("expected")))
          .subscribe(null, error -> ended.incrementAndGet());
    }
    first.tryEmitEmpty().orThrow();

    assertThat(ended).hasValue(many);
    assertThat(sequence.isBusy("s")).isFalse();
  }

  @Test
  void writes_moreThanMayWait_areRefused() {
    write("a", first.asMono()).subscribe();
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    for (int i = 0; i <= KeyedSequence.MOST_WAITING; i++) {
      sequence.inTurn("s", Mono.empty()).subscribe(null, refusal::set);
    }

    assertThat(CoordinationException.is(refusal.get(), ErrorCode.RESOURCE_EXHAUSTED)).isTrue();
    first.tryEmitEmpty().orThrow();
    write("b", Mono.empty()).subscribe();
    assertThat(begun).containsExactly("a", "b");
  }

  @Test
  void write_cancelledWhileItWaits_letsNobodyOvertakeTheOneBefore() {
    write("a", first.asMono()).subscribe();
    Disposable waiting = write("b", Mono.empty()).subscribe();
    write("c", Mono.empty()).subscribe();
    waiting.dispose();

    assertThat(begun).containsExactly("a");
    first.tryEmitEmpty().orThrow();
    assertThat(begun).containsExactly("a", "c");
  }

  @Test
  void settled_whileAWriteIsUnderWay_waitsForIt() {
    List<String> done = new ArrayList<>();
    write("a", first.asMono()).subscribe();
    sequence.settled(List.of("s", "idle")).subscribe(null, null, () -> done.add("settled"));

    assertThat(done).isEmpty();
    first.tryEmitEmpty().orThrow();
    assertThat(done).containsExactly("settled");
  }
}
