package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gathers the counts of this node. A batch that could not be written is kept with its number and
 * sent again as it was, so that a lost reply counts nothing twice.
 *
 * <p>{@link #flush} is not to be called while it is under way; {@link Heart} sees to that.
 */
final class NodeActivity implements SwarmActivity {

  private static final int BATCH = 50;

  /** Beyond as many swarms that did something since the last flush, counts are let go. */
  private static final int MAX_SWARMS = 100_000;

  private static final int COUNTERS = Counter.values().length;

  private final NodeContext context;
  private final RegistryKeys keys;
  private final Map<String, AtomicLongArray> gathered = new ConcurrentHashMap<>();
  private List<ScriptCall> outgoing = List.of();
  private long number;

  NodeActivity(NodeContext context, RegistryKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  @Override
  public void record(String swarmId, Counter counter, long count) {
    if (gathered.size() < MAX_SWARMS || gathered.containsKey(swarmId)) {
      gathered.compute(
          swarmId,
          (id, counts) -> {
            AtomicLongArray kept = counts == null ? new AtomicLongArray(COUNTERS) : counts;
            kept.addAndGet(counter.ordinal(), count);
            return kept;
          });
    }
  }

  /** Writes what was gathered; what fails stays for the next flush. */
  Mono<Void> flush() {
    return Mono.defer(
        () -> {
          if (outgoing.isEmpty()) {
            outgoing = batches();
          }
          return Flux.fromIterable(List.copyOf(outgoing)).concatMap(this::send).then();
        });
  }

  private Mono<Void> send(ScriptCall call) {
    return context.link().run(call).doOnNext(done -> forget(call)).then();
  }

  private void forget(ScriptCall call) {
    outgoing = outgoing.stream().filter(other -> other != call).toList();
  }

  private List<ScriptCall> batches() {
    List<ScriptCall> calls = new ArrayList<>();
    List<String> active = List.copyOf(gathered.keySet());
    for (int from = 0; from < active.size(); from += BATCH) {
      calls.add(call(active.subList(from, Math.min(active.size(), from + BATCH))));
    }
    return calls;
  }

  private ScriptCall call(List<String> swarmIds) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_ACTIVITY)
            .keys(keys.common())
            .key(context.keys().sys("activity", context.nodeId()))
            .arg(context.options().swarmTtl())
            .arg(++number);
    for (String id : swarmIds) {
      // Removed as a whole: record() is inside compute(), so no count is lost between the two.
      AtomicLongArray counts = gathered.remove(id);
      call.keys(keys.swarm(id)).arg(id);
      for (int i = 0; i < COUNTERS; i++) {
        call.arg(counts == null ? 0 : counts.get(i));
      }
    }
    return call;
  }
}
