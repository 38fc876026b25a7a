package io.multiswarm.internal.registry;

import io.multiswarm.internal.redis.Keys;
import io.multiswarm.registry.SwarmStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The keys that the scripts of the registry take, in the order that {@code lib/registry} names. */
public final class RegistryKeys {

  static final String EVENTS = "swarm:events";

  /** Of an archived swarm, and of the incarnation that its id continues with. */
  static final Duration ARCHIVE_TTL = Duration.ofDays(7);

  private final Keys keys;
  private final Supplier<List<String>> common;

  public RegistryKeys(Keys keys) {
    this.keys = keys;
    this.common = keys.list(() -> common(keys));
  }

  private static List<String> common(Keys keys) {
    List<String> all =
        new ArrayList<>(
            List.of(
                keys.roster(),
                keys.index(),
                keys.heartbeats(),
                keys.detached(),
                keys.metrics(),
                keys.load()));
    Arrays.stream(SwarmStatus.values()).map(status -> keys.status(status.word())).forEach(all::add);
    all.addAll(keys.history(EVENTS));
    all.add(keys.nodes());
    return all;
  }

  public List<String> common() {
    return common.get();
  }

  /** Record and view. */
  public List<String> swarm(String swarmId) {
    return List.of(keys.record(swarmId), keys.swarm(swarmId));
  }

  /** What remains of an id after its swarm: the last incarnation, which its next life continues. */
  String memo(String swarmId) {
    return keys.sys("incarnation", swarmId);
  }

  /** Hash: who created the swarms that there are, as {@code lib/creator.lua} says. */
  String creators() {
    return keys.sys("creators");
  }

  /** What {@code lib/archive} names. */
  List<String> archives() {
    return List.of(archived(), keys.sys("archive-bytes"), keys.metrics());
  }

  /** Sorted set: deregistered swarms by the ms at which that was done. */
  String archived() {
    return keys.sys("archives");
  }

  /** To which a script appends a node's id. */
  String signalPrefix() {
    return keys.nodeSignals("");
  }
}
