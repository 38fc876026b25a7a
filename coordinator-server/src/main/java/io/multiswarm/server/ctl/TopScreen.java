package io.multiswarm.server.ctl;

import io.multiswarm.server.client.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code top} shows of one look at the fleet. */
final class TopScreen {

  private TopScreen() {}

  /**
   * The lines.
   *
   * @param before the look before this one, by which rates are told; null for the first
   */
  static List<String> lines(Tree look, @Nullable Tree before, TerminalSize size) {
    List<String> lines = new ArrayList<>(head(look, before));
    lines.add("");
    int room = Math.max(1, size.lines() - lines.size() - 2);
    lines.addAll(swarms(look, room).lines());
    return lines;
  }

  private static List<String> head(Tree look, @Nullable Tree before) {
    Tree tasks = look.at("stats.tasks");
    long oldest = tasks.number("oldestAge");
    return List.of(
        "%s  nodes %d  swarms %s active of %s  sessions %d"
            .formatted(
                Times.date(look.number("at")),
                look.items("nodes").size(),
                look.text("stats.registry.activeSwarms"),
                look.text("stats.registry.totalSwarms"),
                look.items("nodes").stream().mapToLong(node -> node.number("sessions")).sum()),
        "leader   " + FleetCommands.Leader.sentence(look.at("leader")),
        "tasks    %s wait (oldest %s, %s delayed, %s nobody is able to take)  %s assigned  %s dead%s"
            .formatted(
                tasks.text("queueDepth"),
                Times.span(Duration.ofMillis(oldest)),
                tasks.text("delayed"),
                tasks.text("unroutable"),
                tasks.text("assigned"),
                tasks.text("dead"),
                tasks.at("paused").isTrue() ? "  PAUSED" : ""),
        "a second %s submitted  %s completed  %s failed  %s messages of this node"
            .formatted(
                rate(look, before, "stats.tasks.tasksSubmitted"),
                rate(look, before, "stats.tasks.tasksCompleted"),
                rate(look, before, "stats.tasks.tasksFailed"),
                rate(look, before, "stats.messenger.messagesSent")),
        warning(look, before));
  }

  /** That nobody works on what waits is what one looks for first. */
  private static String warning(Tree look, @Nullable Tree before) {
    Tree tasks = look.at("stats.tasks");
    boolean isIdle =
        tasks.number("queueDepth") > tasks.number("delayed") && tasks.number("assigned") == 0;
    boolean isStill = before != null && grown(look, before, "stats.tasks.tasksCompleted") == 0;
    return isIdle && isStill ? "NOBODY WORKS on what waits: ctl task ID tells why" : "";
  }

  private static String rate(Tree look, @Nullable Tree before, String path) {
    if (before == null) {
      return "–";
    }
    long millis = Math.max(1, look.number("at") - before.number("at"));
    return "%.0f".formatted(grown(look, before, path) * 1_000.0 / millis);
  }

  private static long grown(Tree look, Tree before, String path) {
    return Math.max(0, look.number(path) - before.number(path));
  }

  private static Table swarms(Tree look, int room) {
    Instant at = Instant.ofEpochMilli(look.number("at"));
    Table table = new Table("SWARM", "STATUS", ">NOW", ">DONE", ">FAILED", ">ACTIVE", "OBJECTIVE");
    look.items("swarms").stream()
        .sorted(Comparator.comparingLong((Tree swarm) -> -swarm.number("activeTasks")))
        .limit(room)
        .forEach(
            swarm ->
                table.row(
                    swarm.text("id"),
                    SwarmCommands.status(swarm),
                    swarm.text("activeTasks"),
                    swarm.text("metrics.tasksCompleted"),
                    swarm.text("metrics.tasksFailed"),
                    Times.age(swarm.number("lastActivity"), at),
                    swarm.text("objective")));
    return table;
  }
}
