package io.multiswarm.internal.state;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.redis.ScanPage;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Removes what swarms saved that are not registered any more, and was not removed when they ended:
 * they expired, or nobody was there to do it. Anybody may: a script looks whether the swarm is
 * gone.
 */
record StateLeftovers(StateCalls calls, StateUpkeep upkeep) implements Duty.Periodic<UpkeepTerm> {

  private static final int A_PAGE = 200;

  @Override
  public String name() {
    return "states of swarms that are gone";
  }

  @Override
  public Duration interval() {
    return Duration.ofMinutes(1);
  }

  @Override
  public Mono<Void> run(UpkeepTerm term) {
    return ScanPage.all(this::page).concatMap(upkeep::clear).then();
  }

  private Mono<ScriptReply> page(String cursor) {
    return calls
        .context()
        .link()
        .run(
            ScriptCall.of(Script.STATE_LEFTOVERS)
                .key(calls.keys().roster())
                .key(calls.keys().stateWeights())
                .arg(cursor)
                .arg(A_PAGE));
  }
}
