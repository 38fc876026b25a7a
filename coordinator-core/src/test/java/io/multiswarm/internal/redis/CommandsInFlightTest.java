package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

class CommandsInFlightTest {

  private final List<String> suspicions = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private Executor reader = Runnable::run;
  private long nanos;
  private final CommandsInFlight inFlight =
      new CommandsInFlight(
          LinkSettings.defaults(), suspicions::add, act -> reader.execute(act), () -> nanos);

  @Test
  void command_withoutAnyAnswer_failsAfterTheTimeout() {
    send("a");
    lookUntil(500);
    assertThat(failed).isEmpty();

    lookUntil(550);

    assertThat(failed).containsExactly("a");
  }

  @Test
  void command_whileOthersAreAnswered_waits() {
    send("a");
    for (int at = 400; at <= 2_000; at += 400) {
      MonoSink<?> other = send("other");
      lookUntil(at);
      inFlight.answered(other);
    }

    assertThat(failed).isEmpty();
  }

  @Test
  void command_behindScriptsThatAreLoaded_waits() {
    send("a");
    for (int at = 400; at <= 2_000; at += 400) {
      lookUntil(at);
      inFlight.progressed();
    }
    assertThat(failed).isEmpty();

    lookUntil(2_550);
    assertThat(failed).containsExactly("a");
  }

  @Test
  void command_ofAProcessThatStoodStill_getsTheWholeTimeoutAgain() {
    send("before");
    nanos = Duration.ofSeconds(10).toNanos(); // nobody looked meanwhile
    inFlight.look();
    send("after");

    lookUntil(10_500);
    assertThat(failed).isEmpty();

    lookUntil(10_550);
    assertThat(failed).containsExactlyInAnyOrder("before", "after");
  }

  @Test
  void answer_thatLiesInTheSocket_isReadBeforeTheJudgement() {
    List<Runnable> toldToTheReader = new ArrayList<>();
    reader = toldToTheReader::add;
    MonoSink<?> answered = send("a");
    send("b");
    lookUntil(600);

    inFlight.answered(answered);
    toldToTheReader.forEach(Runnable::run);
    assertThat(toldToTheReader).isNotEmpty();
    assertThat(failed).isEmpty();

    lookUntil(1_150);
    toldToTheReader.forEach(Runnable::run);
    assertThat(failed).containsExactly("b");
  }

  @Test
  void commands_sentWhenOthersHaveFailed_getTheWholeTimeout() {
    sendAndSendAgain("a");
    sendAndSendAgain("b");

    lookUntil(1_000);
    assertThat(failed).containsExactlyInAnyOrder("a", "b");
    assertThat(suspicions).isEmpty();

    lookUntil(1_100);
    assertThat(failed).containsExactlyInAnyOrder("a", "b", "a again", "b again");
  }

  @Test
  void stalls_threeInARow_areSuspicious() {
    for (int stall = 1; stall <= 3; stall++) {
      assertThat(suspicions).isEmpty();
      send("a");
      lookUntil(stall * 600);
    }

    assertThat(suspicions).hasSize(1);
  }

  @Test
  void commands_beyondTheLimit_areRefusedAtOnceAndLeaveRoomForTheVital() {
    int most = LinkSettings.defaults().requestQueue();
    MonoSink<?> first = send("first");
    for (int i = 1; i < most * 3 / 4; i++) {
      send("more");
    }
    assertThatThrownBy(() -> send("too many"))
        .isInstanceOf(CommandsInFlight.OverloadException.class);
    for (int i = 0; i < most / 4; i++) {
      inFlight.add(sink(), true);
    }
    assertThatThrownBy(() -> inFlight.add(sink(), true))
        .isInstanceOf(CommandsInFlight.OverloadException.class);

    inFlight.answered(first);
    inFlight.add(sink(), true);
    assertThat(suspicions).as("an overload is no outage").isEmpty();
  }

  private static MonoSink<?> sink() {
    MonoSink<?>[] sink = new MonoSink<?>[1];
    Mono.create(created -> sink[0] = created).subscribe(answer -> {}, error -> {});
    return sink[0];
  }

  private MonoSink<?> send(String name) {
    MonoSink<?>[] sink = new MonoSink<?>[1];
    Mono.create(created -> sink[0] = created).subscribe(answer -> {}, error -> failed.add(name));
    inFlight.add(sink[0], false);
    return sink[0];
  }

  /** As a batcher does, whose next batch leaves when one has failed. */
  private void sendAndSendAgain(String name) {
    MonoSink<?>[] sink = new MonoSink<?>[1];
    Mono.create(created -> sink[0] = created)
        .subscribe(
            answer -> {},
            error -> {
              failed.add(name);
              send(name + " again");
            });
    inFlight.add(sink[0], false);
  }

  private void lookUntil(long millis) {
    while (nanos < Duration.ofMillis(millis).toNanos()) {
      nanos += CommandsInFlight.LOOK_INTERVAL.toNanos();
      inFlight.look();
    }
  }
}
