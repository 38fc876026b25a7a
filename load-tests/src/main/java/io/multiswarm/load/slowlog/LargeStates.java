package io.multiswarm.load.slowlog;

import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Large states, their copies, and what is recovered of them. */
record LargeStates(Large large) {

  private static final int COPIES = 3;
  private static final int AT_ONCE = 4;

  /** For each of the swarms, which all are the caller's. */
  Mono<Void> play(List<String> swarms, Caller caller) {
    return Flux.fromIterable(swarms)
        .index()
        .flatMap(
            swarm -> play(Map.of("swarmId", swarm.getT2()), swarm.getT1().intValue(), caller),
            AT_ONCE)
        .then();
  }

  private Mono<Void> play(Map<String, Object> of, int number, Caller caller) {
    Map<String, Object> value = large.value(number);
    Mono<Void> copies =
        Caller.each(
            COPIES,
            1,
            copy ->
                caller
                    .call("snapshot.create", of)
                    .then(caller.call("checkpoint.create", Caller.with(of, "data", value))));
    return caller
        .call("state.save", Caller.with(of, "state", value))
        .then(copies)
        .then(caller.call("state.update", Caller.with(of, "patch", Map.of("phase", "patched"))))
        .then(caller.call("state.load", of))
        .then(caller.call("checkpoint.list", of))
        .then(caller.call("snapshot.list", of))
        .flatMap(
            list ->
                caller.call(
                    "snapshot.restore",
                    Caller.with(of, "snapshotId", list.at("/snapshots/0/snapshotId").asString())))
        .then(caller.call("swarm.recover", of))
        .then();
  }
}
