package io.multiswarm.internal.redis;

import java.util.List;

/**
 * Every key and channel name of a fleet. The plain ones are the design's public layout, readable
 * with {@code redis-cli}; what is ours alone lives under {@code swarm:sys:}.
 *
 * <p>A named fleet prefixes everything with <code>{fleet}:</code>, a Redis Cluster hash tag, so
 * that its atomic scripts stay in one slot. {@code docs/keys.md} lists type, owner and TTL of each.
 */
public final class Keys {

  private final String swarm;
  private final String sys;

  public Keys(String fleet) {
    this.swarm = (fleet.isEmpty() ? "" : '{' + fleet + "}:") + "swarm:";
    this.sys = swarm + "sys:";
  }

  /** What matches every key and channel of the fleet, as the rules of an ACL have it. */
  public String pattern() {
    return swarm + '*';
  }

  /** String: the swarm as JSON. */
  public String swarm(String swarmId) {
    return swarm + swarmId;
  }

  /** Sorted set: registered swarm ids by time of creation in ms, ties made unique by fractions. */
  public String index() {
    return swarm + "index";
  }

  /** Set: swarm ids of one status. */
  public String status(String status) {
    return swarm + "status:" + status;
  }

  /** String: the last JSON of a deregistered swarm. */
  public String archive(String swarmId) {
    return swarm + "archive:" + swarmId;
  }

  /** Hash: counters of the registry. */
  public String metrics() {
    return swarm + "metrics";
  }

  /** String: id of the leading swarm; its TTL is the lease. */
  public String leader() {
    return swarm + "leader";
  }

  /** String: saved state of a swarm, the user's JSON as it came. */
  public String state(String swarmId) {
    return swarm + "state:" + swarmId;
  }

  public String snapshot(String swarmId, String snapshotId) {
    return swarm + "snapshot:" + swarmId + ':' + snapshotId;
  }

  public String checkpoint(String swarmId, String checkpointId) {
    return swarm + "checkpoint:" + swarmId + ':' + checkpointId;
  }

  /** Hash: counters of state, snapshots and recovery. */
  public String stateStatistics() {
    return swarm + "state:manager:stats";
  }

  /** Hash: the fields of a swarm from which {@link #swarm} is rendered; the truth of the two. */
  public String record(String swarmId) {
    return sys + "record:" + swarmId;
  }

  /**
   * Hash: swarm id to {@code incarnation:node}, with an empty node while nobody is attached. The
   * fencing table: one HMGET tells a script who exists, who is attached and which proof is current.
   */
  public String roster() {
    return sys + "roster";
  }

  /** Sorted set: swarm ids by the ms of their last heartbeat. */
  public String heartbeats() {
    return sys + "heartbeats";
  }

  /** Sorted set: detached swarm ids by the ms at which their grace ends. */
  public String detached() {
    return sys + "detached";
  }

  /** String with the node's lease as TTL: when it last gave a sign of life, in ms. */
  public String node(String nodeId) {
    return sys + "node:" + nodeId;
  }

  /** Hash: node id to what it last told of itself. */
  public String nodeFacts() {
    return sys + "node-facts";
  }

  /** Set: ids of the swarms that are given no tasks; {@code *} stands for all. */
  public String paused() {
    return sys + "paused";
  }

  /** Sorted set: node ids by the ms at which their lease ends. */
  public String nodes() {
    return sys + "nodes";
  }

  /** Hash: node, token and lease of the one that keeps the fleet up. */
  public String upkeep() {
    return sys + "upkeep";
  }

  /** Hash: epoch, swarm, node and nonce of the current or last leadership. */
  public String leadership() {
    return sys + "leadership";
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
    return sys + "credit";
  }

  /** Hash: swarm id to the number of its unfinished tasks; without those that have none. */
  public String load() {
    return sys + "load";
  }

  /** String with a short TTL: proves that a node can write. */
  public String canary(String nodeId) {
    return sys + "canary:" + nodeId;
  }

  /**
   * Roster, pools, holdings, line, waiters and statistics, in the order that {@code lib/resource}
   * names.
   */
  public List<String> resources() {
    return List.of(
        roster(),
        sys + "resource-pools",
        sys + "resource-holdings",
        sys + "resource-line",
        sys + "resource-waiters",
        sys + "resource-statistics");
  }

  /** Hash: answers to a swarm's last calls for resources, by request id. */
  public String resourceMemo(String swarmId) {
    return sys + "resource-memo:" + swarmId;
  }

  /** Hash with the timeout as TTL: who was asked, and the node that waits. */
  public String request(String requestId) {
    return sys + "request:" + requestId;
  }

  /** String with a short TTL: the answer, for a waiting node that missed the signal. */
  public String reply(String requestId) {
    return sys + "reply:" + requestId;
  }

  /** Any other key of ours: {@code swarm:sys:part:part}. */
  public String sys(String... parts) {
    return sys + String.join(":", parts);
  }

  /** Pub/sub channel, never stored: signals to one node. */
  public String nodeSignals(String nodeId) {
    return sys + "signal:" + nodeId;
  }

  /** Pub/sub channel, never stored: signals to all nodes. */
  public String signals() {
    return sys + "signal";
  }

  /** The Redis name of a public channel such as {@code swarm:global}. */
  public String channel(String channel) {
    return swarm + channel.substring("swarm:".length());
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
    return sys + "history-meta:" + channel;
  }

  /** Stream: the channel's messages by offset. */
  public String historyStream(String channel) {
    return sys + "history:" + channel;
  }

  /** Hash: message ids that senders gave, to offsets. */
  public String historyIds(String channel) {
    return sys + "history-ids:" + channel;
  }
}
