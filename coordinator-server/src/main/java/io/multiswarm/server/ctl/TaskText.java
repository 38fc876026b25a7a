package io.multiswarm.server.ctl;

import io.multiswarm.server.client.Tree;

/** One task, as people read it. */
final class TaskText {

  private TaskText() {}

  static void print(Console console, Tree all) {
    Tree task = all.at("task");
    console.fact("task", task.text("id"));
    console.fact("status", task.text("status"));
    console.fact("why", all.text("explanation.reason") + ": " + all.text("explanation.detail"));
    console.fact("description", task.text("description"));
    console.fact("type", task.text("type"));
    console.fact("priority", task.text("priority"));
    console.fact("capabilities", task.text("capabilities"));
    console.fact("from", task.text("from"));
    console.fact("principal", task.text("principal"));
    console.fact("swarm", task.text("swarmId"));
    console.fact(
        "attempts",
        "%s, %s failed, %s at most"
            .formatted(task.text("attempts"), task.text("failures"), task.text("maxAttempts")));
    console.fact("submitted", Times.date(task.number("submittedAt")));
    console.fact("changed", Times.date(task.number("updatedAt")));
    console.fact("progress", task.text("progress"));
    console.fact("data", task.text("data"));
    console.fact("result", task.text("result"));
    console.fact("error", task.text("error"));
    history(console, task);
    late(console, task);
  }

  private static void history(Console console, Tree task) {
    if (task.items("history").isEmpty()) {
      return;
    }
    Table table = new Table("WHEN", "STATUS", ">ATTEMPT", "SWARM", "REASON");
    for (Tree step : task.items("history")) {
      table.row(
          Times.date(step.number("at")),
          step.text("status"),
          step.text("attempt"),
          step.text("swarmId"),
          step.text("reason"));
    }
    console.print("");
    console.print(table);
  }

  private static void late(Console console, Tree task) {
    if (task.items("lateResults").isEmpty()) {
      return;
    }
    Table table = new Table(">LATE", "SWARM", "WHEN", "RESULT");
    for (Tree late : task.items("lateResults")) {
      table.row(
          late.text("attempt"),
          late.text("swarmId"),
          Times.date(late.number("at")),
          late.at("truncated").isTrue() ? "(too large to keep)" : late.text("result"));
    }
    console.print("");
    console.print(table);
  }

  /** How it ended: its status, and what came of it. */
  static void end(Console console, Tree task) {
    String outcome = task.text("result").isEmpty() ? task.text("error") : task.text("result");
    console.print(
        "%s %s %s".formatted(task.text("id"), task.text("status"), outcome).stripTrailing());
  }
}
