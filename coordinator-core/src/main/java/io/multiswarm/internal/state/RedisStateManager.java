package io.multiswarm.internal.state;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.KeyedSequence;
import io.multiswarm.internal.node.LateErrors;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.state.Checkpoints;
import io.multiswarm.state.Snapshots;
import io.multiswarm.state.StateStatistics;
import io.multiswarm.state.SwarmStateManager;
import io.multiswarm.state.SwarmStates;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * State in Redis. Built once a node; {@link #start} begins automatic snapshots and the renewal of
 * TTLs, {@link #stop} ends them.
 */
public final class RedisStateManager implements SwarmStateManager {

  private static final String SIGNAL = "state";

  private final NodeContext context;
  private final StateCache cache;
  private final RedisStates states;
  private final RedisSnapshots snapshots;
  private final RedisCheckpoints checkpoints;
  private final AutomaticSnapshots automatic;
  private final StateUpkeep upkeep;
  private final StateLeftovers leftovers;
  private final StateSources sources;
  private final Disposable.Composite running = Disposables.composite();

  /** Listens to signals and holdings from now on. */
  public RedisStateManager(NodeContext context) {
    this.context = context;
    this.cache = new StateCache(context.scheduler());
    StateCalls calls = new StateCalls(context);
    KeyedSequence sequence = context.sequence();
    this.states = new RedisStates(calls, sequence, cache);
    CopyStore ofSnapshots = new CopyStore(calls, sequence, cache, CopyKind.SNAPSHOT);
    CopyStore ofCheckpoints = new CopyStore(calls, sequence, cache, CopyKind.CHECKPOINT);
    this.snapshots = new RedisSnapshots(ofSnapshots);
    this.checkpoints = new RedisCheckpoints(ofCheckpoints);
    this.sources = new RedisSources(calls, sequence, states, ofCheckpoints, ofSnapshots);
    this.automatic = new AutomaticSnapshots(context, snapshots);
    this.upkeep = new StateUpkeep(calls);
    this.leftovers = new StateLeftovers(calls, upkeep);
    context.signals().on(SIGNAL, this::heard);
    context.signals().onReset(cache::clear);
    context.signals().onReset(automatic::reset);
    context.holdings().listen(new Changes());
  }

  public void start() {
    running.add(automatic.run().contextWrite(LateErrors::noted).subscribe());
    running.add(upkeep.run().contextWrite(LateErrors::noted).subscribe());
  }

  public void stop() {
    running.dispose();
  }

  @Override
  public SwarmStates states() {
    return states;
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }

  @Override
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  /** For the node that keeps the fleet up. */
  public Duty.Periodic<UpkeepTerm> duty() {
    return leftovers;
  }

  /** For recovery. */
  public StateSources sources() {
    return sources;
  }

  @Override
  public Mono<StateStatistics> statistics() {
    return counts().read(context.link());
  }

  /** What {@link #statistics} reads, to be read together with others. */
  public Counts<StateStatistics> counts() {
    return Counts.counters(context.keys().stateStatistics()).map(this::statistics);
  }

  private StateStatistics statistics(Counts.Counters counters) {
    return new StateStatistics(
        counters.get("statesSaved"),
        counters.get("statesDeleted"),
        counters.get("statesRestored"),
        counters.get("snapshotsCreated"),
        counters.get("checkpointsCreated"),
        counters.get("recoveriesPerformed"),
        counters.get("recoveriesFailed"),
        counters.get("errors") + automatic.failures.sum(),
        states.hits.sum(),
        states.misses.sum(),
        counters.get("bytes"));
  }

  /** {@code SWARM VERSION}, published by the scripts that write a state. */
  private void heard(String text) {
    String[] words = text.split(" ", 2);
    if (words.length == 2) {
      cache.heardOf(words[0], Long.parseLong(words[1]));
      automatic.saved(words[0]);
    }
  }

  /** What was known of a swarm may be of another holder's time. */
  private final class Changes implements AttachedSwarms.Listener {
    @Override
    public void attached(AttachedSwarms.Held held) {
      cache.forget(held.swarmId());
      automatic.attached(held);
      upkeep.attached(held);
    }

    @Override
    public void lost(AttachedSwarms.Held held, String reason) {
      cache.forget(held.swarmId());
      automatic.lost(held);
      if (reason.equals("deregistered")) {
        upkeep.clear(held.swarmId()).subscribe();
      }
    }
  }
}
