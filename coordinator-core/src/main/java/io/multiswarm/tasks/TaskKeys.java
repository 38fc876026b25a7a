package io.multiswarm.tasks;

import io.multiswarm.internal.redis.Keys;
import java.util.ArrayList;
import java.util.List;

/** The keys of tasks; {@code lib/task.lua} tells what each holds. */
final class TaskKeys {

  private static final String CHANNEL = "swarm:tasks";

  private final Keys keys;
  private final List<String> common;

  TaskKeys(Keys keys) {
    this.keys = keys;
    List<String> all = new ArrayList<>();
    all.add(keys.roster());
    all.add(pending());
    all.add(lanes());
    all.add(keys.sys("task-delayed"));
    all.add(keys.sys("task-leases"));
    all.add(keys.load());
    all.add(ended());
    all.add(keys.sys("task-statistics"));
    all.add(keys.signals());
    all.add(keys.leadership());
    all.add(keys.leader());
    all.addAll(keys.history(CHANNEL));
    this.common = List.copyOf(all);
  }

  /** The first KEYS of every script that moves tasks. */
  List<String> common() {
    return common;
  }

  String task(String taskId) {
    return keys.sys("task", taskId);
  }

  String pending() {
    return keys.sys("task-pending");
  }

  String lanes() {
    return keys.sys("task-lanes");
  }

  String leases() {
    return keys.sys("task-leases");
  }

  String ended() {
    return keys.sys("task-ended");
  }

  String index() {
    return keys.sys("task-index");
  }

  String dedupe() {
    return keys.sys("task-dedupe");
  }

  String holders() {
    return keys.sys("task-holders");
  }

  String cursors() {
    return keys.sys("task-cursors");
  }

  String strategy() {
    return keys.sys("task-strategy");
  }

  String assigned(String swarmId) {
    return keys.assigned(swarmId);
  }

  String record(String swarmId) {
    return keys.record(swarmId);
  }

  List<String> channelOf(String swarmId) {
    return keys.history("swarm:" + swarmId);
  }

  /** With a node's id behind it, the channel of that node's signals. */
  String nodeSignalPrefix() {
    return keys.nodeSignals("");
  }
}
