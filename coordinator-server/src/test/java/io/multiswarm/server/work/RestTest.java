package io.multiswarm.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.testing.SetClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class RestTest {

  @Test
  void machineThatRunsNothing_restsLongerEachTime_untilOneHasRun() {
    VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    Credit.Rest rest = new Credit.Rest(clock);
    assertThat(rest.left()).isZero();
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      rest.note(CommandOutcome.notRun("no space left"));
      assertThat(rest.left()).isEqualTo(Duration.ofSeconds(seconds));
    }
    clock.advanceTimeBy(Duration.ofSeconds(63));
    assertThat(rest.left()).isEqualTo(Duration.ofSeconds(1));
    rest.note(new CommandOutcome.Completed(Json.NULL));
    assertThat(rest.left()).isZero();
  }

  @Test
  void wallClock_setBack_makesNoRestLonger() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    SetClock clock = new SetClock(time);
    Credit.Rest rest = new Credit.Rest(clock);
    rest.note(CommandOutcome.notRun("no space left"));
    clock.set(Duration.ofHours(-1));
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(rest.left()).isZero();
  }

  @Test
  void commandThatFails_isNoReasonToRest() {
    Credit.Rest rest = new Credit.Rest(VirtualTimeScheduler.create());
    rest.note(CommandOutcome.failed(1, false, ""));
    rest.note(CommandOutcome.failed(75, false, ""));
    assertThat(rest.left()).isZero();
  }
}
