package io.multiswarm.load.slowlog;

import io.multiswarm.load.baseline.BarePulse;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess;
import io.multiswarm.load.target.SlowCall;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Tells where the scenario is, and takes what is in the log away after each part. */
final class PhaseLog {

  private final RedisServerProcess redis;
  private final BarePulse pulse;
  private final int entries;
  private final ScenarioContext context;
  private final List<Phase> phases = new ArrayList<>();
  private String current = "assembly";

  /**
   * @param entries that the log has at most
   */
  PhaseLog(RedisServerProcess redis, BarePulse pulse, int entries, ScenarioContext context) {
    this.redis = redis;
    this.pulse = pulse;
    this.entries = entries;
    this.context = context;
  }

  /** The part before is over, another begins. */
  Mono<Void> begin(String phase) {
    return take()
        .then(
            Mono.fromRunnable(
                () -> {
                  current = phase;
                  context.mark(phase);
                  context.say("%6.0f s  %s%n", context.seconds(), phase);
                }));
  }

  /** All of them, when the last is over. */
  Mono<List<Phase>> end() {
    return take().thenReturn(phases);
  }

  private Mono<Void> take() {
    return Mono.zip(redis.takeSlowCalls(entries), pulse.takeCalls(), this::phase)
        .doOnNext(phases::add)
        .then();
  }

  private Phase phase(List<SlowCall> logged, long bare) {
    List<Long> slow = logged.stream().filter(this::isBare).map(SlowCall::micros).toList();
    List<SlowCall> calls = logged.stream().filter(call -> !isBare(call)).toList();
    return new Phase(current, calls, new BareCalls(bare, slow));
  }

  private boolean isBare(SlowCall call) {
    return call.arguments().contains(pulse.digest());
  }
}
