package io.multiswarm.internal.tasks.store;

import io.multiswarm.internal.redis.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The keys of tasks; {@code lib/task.lua} tells what each holds. */
public final class TaskKeys {

  /** Stands for all swarms among those that are paused. */
  public static final String WHOLE_FLEET = "*";

  private static final String CHANNEL = "swarm:tasks";

  private final Keys keys;
  private final Supplier<List<String>> common;

  public TaskKeys(Keys keys) {
    this.keys = keys;
    this.common = keys.list(this::listed);
  }

  private List<String> listed() {
    List<String> all = new ArrayList<>();
    all.add(keys.roster());
    all.add(tasks());
    all.add(specs());
    all.add(details());
    all.add(pending());
    all.add(lanes());
    all.add(delayed());
    all.add(assigned());
    all.add(keys.sys("task-leases"));
    all.add(keys.load());
    all.add(keys.sys("task-ended"));
    all.add(keys.sys("task-dead"));
    all.add(keys.sys("task-statistics"));
    all.add(keys.signals());
    all.add(keys.leadership());
    all.add(keys.leader());
    all.addAll(keys.history(CHANNEL));
    all.add(keys.sys("task-waiting"));
    return all;
  }

  /** The first KEYS of every script that moves tasks. */
  public List<String> common() {
    return common.get();
  }

  public String tasks() {
    return keys.sys("tasks");
  }

  public String specs() {
    return keys.sys("task-specs");
  }

  public String details() {
    return keys.sys("task-details");
  }

  public String pending() {
    return keys.sys("task-pending");
  }

  public String delayed() {
    return keys.sys("task-delayed");
  }

  public String lanes() {
    return keys.sys("task-lanes");
  }

  public String index() {
    return keys.sys("task-index");
  }

  public String dedupe() {
    return keys.sys("task-dedupe");
  }

  public String cursors() {
    return keys.sys("task-cursors");
  }

  public String strategy() {
    return keys.sys("task-strategy");
  }

  /** Sorted set: all assignments, in order by swarm. */
  public String assigned() {
    return keys.sys("task-assigned");
  }

  /** String: the answer to one grant of an administrator. */
  public String grantMemo(String grantId) {
    return keys.sys("task-grant", grantId);
  }

  /** String: the answer to one change of many tasks. */
  public String bulkMemo(String changeId) {
    return keys.sys("task-bulk", changeId);
  }

  public String record(String swarmId) {
    return keys.record(swarmId);
  }

  /** With a swarm's id behind it, the swarm's channel. */
  public String swarmChannelPrefix() {
    return keys.channel("swarm:");
  }

  /** With a node's id behind it, the channel of that node's signals. */
  public String nodeSignalPrefix() {
    return keys.nodeSignals("");
  }
}
