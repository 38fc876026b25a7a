package io.multiswarm.internal.redis;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every key and channel name of a fleet. The plain ones are the design's public layout, readable
 * with {@code redis-cli}; what is ours alone lives under {@code swarm:sys:}.
 *
 * <p>A named fleet prefixes everything with <code>{fleet}:</code>, a Redis Cluster hash tag, so
 * that its atomic scripts stay in one slot. On a cluster the fleet without a name has one too:
 * <code>{swarm}:</code> in place of {@code swarm:}. Channels are not kept apart by Redis's
 * databases, so those of another than 0 have its number after {@code swarm:}, as in {@code
 * swarm:@3:global}. {@code docs/keys.md} lists type, owner and TTL of each.
 */
public final class Keys {

  private final String fleet;
  private final String database;
  private volatile Layout layout;

  /** How all names begin. */
  private record Layout(String swarm, String sys, String channel, String sysChannel) {
    static Layout of(String swarm, String database) {
      return new Layout(swarm, swarm + "sys:", swarm + database, swarm + database + "sys:");
    }
  }

  /** Of database 0. */
  public Keys(String fleet) {
    this(fleet, 0);
  }

  Keys(String fleet, int database) {
    this.fleet = fleet;
    this.database = database == 0 ? "" : "@" + database + ":";
    this.layout = Layout.of((fleet.isEmpty() ? "" : '{' + fleet + "}:") + "swarm:", this.database);
  }

  /** Told before the first connection is up; until then no name is of use to anybody. */
  void onCluster() {
    if (fleet.isEmpty()) {
      layout = Layout.of("{swarm}:", database);
    }
  }

  /** A list of names that is made once, and again when the first connection shows a cluster. */
  public Supplier<List<String>> list(Supplier<List<String>> names) {
    return new Supplier<>() {
      private volatile @Nullable Made made;

      @Override
      public List<String> get() {
        Layout now = layout;
        Made last = made;
        if (last == null || !last.layout.equals(now)) {
          last = new Made(now, List.copyOf(names.get()));
          made = last;
        }
        return last.names;
      }
    };
  }

  private record Made(Layout layout, List<String> names) {}

  private String swarmPrefix() {
    return layout.swarm;
  }

  private String sysPrefix() {
    return layout.sys;
  }

  /** What matches every key and channel of the fleet, as the rules of an ACL have it. */
  public String pattern() {
    return swarmPrefix() + '*';
  }

  /** String: the swarm as JSON. */
  public String swarm(String swarmId) {
    return swarmPrefix() + swarmId;
  }

  /** Sorted set: registered swarm ids by time of creation in ms, ties made unique by fractions. */
  public String index() {
    return swarmPrefix() + "index";
  }

  /** Set: swarm ids of one status. */
  public String status(String status) {
    return swarmPrefix() + "status:" + status;
  }

  /** String: the last JSON of a deregistered swarm. */
  public String archive(String swarmId) {
    return swarmPrefix() + "archive:" + swarmId;
  }

  /** Hash: counters of the registry. */
  public String metrics() {
    return swarmPrefix() + "metrics";
  }

  /** String: id of the leading swarm; its TTL is the lease. */
  public String leader() {
    return swarmPrefix() + "leader";
  }

  /** String: saved state of a swarm, the user's JSON as it came. */
  public String state(String swarmId) {
    return swarmPrefix() + "state:" + swarmId;
  }

  public String snapshot(String swarmId, String snapshotId) {
    return swarmPrefix() + "snapshot:" + swarmId + ':' + snapshotId;
  }

  public String checkpoint(String swarmId, String checkpointId) {
    return swarmPrefix() + "checkpoint:" + swarmId + ':' + checkpointId;
  }

  /** Hash: counters of state, snapshots and recovery. */
  public String stateStatistics() {
    return swarmPrefix() + "state:manager:stats";
  }

  /** Hash: what swarms saved and what that takes, as {@code lib/weight.lua} says. */
  public String stateWeights() {
    return sysPrefix() + "state-bytes";
  }

  /** Hash: the fields of a swarm from which {@link #swarm} is rendered; the truth of the two. */
  public String record(String swarmId) {
    return sysPrefix() + "record:" + swarmId;
  }

  /**
   * Hash: swarm id to {@code incarnation:node}, with an empty node while nobody is attached. The
   * fencing table: one HMGET tells a script who exists, who is attached and which proof is current.
   */
  public String roster() {
    return sysPrefix() + "roster";
  }

  /** Sorted set: swarm ids by the ms of their last heartbeat. */
  public String heartbeats() {
    return sysPrefix() + "heartbeats";
  }

  /** Sorted set: detached swarm ids by the ms at which their grace ends. */
  public String detached() {
    return sysPrefix() + "detached";
  }

  /** String with the node's lease as TTL: when it last gave a sign of life, in ms. */
  public String node(String nodeId) {
    return sysPrefix() + "node:" + nodeId;
  }

  /** Hash: node id to what it last told of itself. */
  public String nodeFacts() {
    return sysPrefix() + "node-facts";
  }

  /** Set: ids of the swarms that are given no tasks; {@code *} stands for all. */
  public String paused() {
    return sysPrefix() + "paused";
  }

  /** Sorted set: node ids by the ms at which their lease ends. */
  public String nodes() {
    return sysPrefix() + "nodes";
  }

  /** Hash: node, token and lease of the one that keeps the fleet up. */
  public String upkeep() {
    return sysPrefix() + "upkeep";
  }

  /** Hash: epoch, swarm, node and nonce of the current or last leadership. */
  public String leadership() {
    return sysPrefix() + "leadership";
  }

  /** What the end of a leadership takes, in the order that {@code lib/vacancy} names. */
  public List<String> vacancy() {
    String channel = "swarm:coordination";
    return List.of(
        leader(),
        leadership(),
        channel(channel),
        historyMeta(channel),
        historyStream(channel),
        historyIds(channel));
  }

  /**
   * Hash: swarm id to {@code incarnation:granted:used}, the credit for tasks. Credit of another
   * incarnation than the roster's counts as none, so attaching has nothing to reset.
   */
  public String credit() {
    return sysPrefix() + "credit";
  }

  /** Hash: swarm id to the number of its unfinished tasks; without those that have none. */
  public String load() {
    return sysPrefix() + "load";
  }

  /** String: the mark of the fleet's first node, which goes only with all data. */
  public String birth() {
    return sysPrefix() + "birth";
  }

  /** String with a short TTL: proves that a node can write. */
  public String canary(String nodeId) {
    return sysPrefix() + "canary:" + nodeId;
  }

  /**
   * Roster, pools, holdings, line, waiters and statistics, in the order that {@code lib/resource}
   * names.
   */
  public List<String> resources() {
    return List.of(
        roster(),
        sysPrefix() + "resource-pools",
        sysPrefix() + "resource-holdings",
        sysPrefix() + "resource-line",
        sysPrefix() + "resource-waiters",
        sysPrefix() + "resource-statistics");
  }

  /** Hash: answers to a swarm's last calls for resources, by request id. */
  public String resourceMemo(String swarmId) {
    return sysPrefix() + "resource-memo:" + swarmId;
  }

  /** Hash with the timeout as TTL: who was asked, and the node that waits. */
  public String request(String requestId) {
    return sysPrefix() + "request:" + requestId;
  }

  /** String with a short TTL: the answer, for a waiting node that missed the signal. */
  public String reply(String requestId) {
    return sysPrefix() + "reply:" + requestId;
  }

  /** Any other key of ours: {@code swarm:sys:part:part}. */
  public String sys(String... parts) {
    return sysPrefix() + String.join(":", parts);
  }

  /** Pub/sub channel, never stored: signals to one node. */
  public String nodeSignals(String nodeId) {
    return layout.sysChannel + "signal:" + nodeId;
  }

  /** Pub/sub channel, never stored: signals to all nodes. */
  public String signals() {
    return layout.sysChannel + "signal";
  }

  /** The Redis name of a public channel such as {@code swarm:global}. */
  public String channel(String channel) {
    return layout.channel + channel.substring("swarm:".length());
  }

  /**
   * What the append function of the scripts takes for a channel, in its order: the pub/sub channel,
   * then {@code history-meta} (string), {@code history} (stream) and {@code history-ids} (hash).
   * All have the channel's name in them.
   */
  public List<String> history(String channel) {
    return List.of(
        channel(channel), historyMeta(channel), historyStream(channel), historyIds(channel));
  }

  /** String: the channel's epoch, and where it stands while it is at rest. */
  public String historyMeta(String channel) {
    return sysPrefix() + "history-meta:" + channel;
  }

  /** Stream: the channel's messages by offset. */
  public String historyStream(String channel) {
    return sysPrefix() + "history:" + channel;
  }

  /** Hash: message ids that senders gave, to offsets. */
  public String historyIds(String channel) {
    return sysPrefix() + "history-ids:" + channel;
  }
}
