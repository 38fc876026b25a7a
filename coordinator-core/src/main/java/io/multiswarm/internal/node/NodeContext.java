package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.tracing.Tracing;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What every component of a node is built from.
 *
 * @param nodeId unique for each start of a process
 * @param scheduler for every interval and deadline; virtual in tests
 * @param sequence of the writes to each swarm
 * @param unreadable records that this node passed over
 * @param tracing observes what goes through
 */
public record NodeContext(
    String nodeId,
    RedisLink link,
    Keys keys,
    CoordinationOptions options,
    Scheduler scheduler,
    Signals signals,
    AttachedSwarms holdings,
    KeyedSequence sequence,
    Unreadable unreadable,
    Tracing tracing) {

  /** Work on so many bytes takes a connection's thread no longer than a call of its own does. */
  private static final int LARGE = 32 * 1024;

  /** As below, and nobody observes. */
  public static NodeContext of(
      String nodeId, RedisLink link, CoordinationOptions options, Scheduler scheduler) {
    return of(nodeId, link, options, scheduler, Tracing.NONE);
  }

  /** A node that holds nothing yet; its signals are not started. */
  public static NodeContext of(
      String nodeId,
      RedisLink link,
      CoordinationOptions options,
      Scheduler scheduler,
      Tracing tracing) {
    Keys keys = link.keys(options.fleet());
    Signals signals = new Signals(link.subscriptions(), keys, nodeId);
    return new NodeContext(
        nodeId,
        link,
        keys,
        options,
        scheduler,
        signals,
        new AttachedSwarms(),
        new KeyedSequence("swarms"),
        new Unreadable(),
        tracing);
  }

  /**
   * Does what takes longer the larger a client's value is: on a large one apart from the threads of
   * connections, which all clients share.
   */
  public <T> Mono<T> work(int bytes, Supplier<? extends @Nullable T> work) {
    Mono<T> done = Mono.fromSupplier(work);
    return bytes < LARGE ? done : done.subscribeOn(scheduler);
  }

  /**
   * Begins a call of a script that appends to channels: its first three arguments are the limits of
   * their history.
   */
  public ScriptCall appending(Script script) {
    CoordinationOptions.History history = options.history();
    return ScriptCall.of(script)
        .arg(history.maxMessages())
        .arg(history.maxBytes())
        .arg(history.maxAge());
  }
}
