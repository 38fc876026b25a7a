package io.multiswarm.server.ctl;

import io.multiswarm.server.client.Tree;
import java.util.List;

/** One swarm, as people read it. */
final class SwarmText {

  private SwarmText() {}

  static void print(Console console, Tree all) {
    Tree swarm = all.at("swarm");
    boolean leads = all.text("leader.swarmId").equals(swarm.text("id"));
    console.fact("swarm", swarm.text("id"));
    console.fact("status", SwarmCommands.status(swarm) + (leads ? ", leads" : ""));
    console.fact("objective", swarm.text("objective"));
    console.fact("strategy", swarm.text("strategy") + ", " + swarm.text("mode"));
    console.fact("priority", swarm.text("metadata.priority"));
    console.fact("capabilities", swarm.text("metadata.capabilities"));
    console.fact("phase", swarm.text("metadata.phase"));
    console.fact("agents", swarm.items("agents").size() + " of " + swarm.text("maxAgents"));
    console.fact(
        "tasks",
        "%s now, %s completed, %s failed"
            .formatted(
                swarm.text("activeTasks"),
                swarm.text("metrics.tasksCompleted"),
                swarm.text("metrics.tasksFailed")));
    console.fact("incarnation", swarm.text("incarnation"));
    console.fact("created", Times.date(swarm.number("createdAt")));
    console.fact("active", console.age(swarm.number("lastActivity")) + " ago");
    if (all.at("state").isPresent()) {
      String saved = Times.date(all.number("state.savedAt"));
      console.fact("state", "version " + all.text("state.version") + ", saved " + saved);
    }
    tasks(console, all.items("tasks"));
    resources(console, swarm.text("id"), all.items("resources"));
    copies(console, all);
  }

  private static void tasks(Console console, List<Tree> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    Table table = new Table("TASK", ">ATTEMPT", ">SINCE", "PROGRESS", "WHAT");
    for (Tree task : tasks) {
      table.row(
          task.text("id"),
          task.text("attempts"),
          console.age(task.number("updatedAt")),
          task.text("progress"),
          task.text("description"));
    }
    print(console, table);
  }

  private static void resources(Console console, String id, List<Tree> pools) {
    Table table = new Table("RESOURCE", ">HOLDS", ">OF");
    boolean holds = false;
    for (Tree pool : pools) {
      for (Tree held : pool.items("allocations")) {
        if (held.text("swarmId").equals(id)) {
          table.row(pool.text("type"), held.text("amount"), pool.text("total"));
          holds = true;
        }
      }
    }
    if (holds) {
      print(console, table);
    }
  }

  private static void copies(Console console, Tree all) {
    Table table = new Table("COPY", ">VERSION", "TAKEN", "LABEL");
    all.items("snapshots").forEach(copy -> copy(table, copy, "snapshotId"));
    all.items("checkpoints").forEach(copy -> copy(table, copy, "checkpointId"));
    if (!all.items("snapshots").isEmpty() || !all.items("checkpoints").isEmpty()) {
      print(console, table);
    }
  }

  private static void copy(Table table, Tree copy, String id) {
    table.row(
        copy.text(id),
        copy.text("version"),
        Times.date(copy.number("createdAt")),
        copy.text("label"));
  }

  private static void print(Console console, Table table) {
    console.print("");
    console.print(table);
  }
}
