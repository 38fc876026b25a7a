package io.multiswarm.server.ctl;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.client.AnswerParts;
import io.multiswarm.server.client.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** Swarms: which there are, and what is done with one. */
final class SwarmCommands {

  private SwarmCommands() {}

  @Command(
      name = "swarms",
      mixinStandardHelpOptions = true,
      description = "Lists swarms, the newest first.")
  static final class Swarms extends CtlCommand {

    @Option(names = "--status", paramLabel = "<word>", description = "active, interrupted, …")
    @Nullable String status;

    @Option(names = "--strategy", paramLabel = "<word>", description = "Its strategy.")
    @Nullable String strategy;

    @Option(names = "--mode", paramLabel = "<word>", description = "mesh or hierarchical.")
    @Nullable String mode;

    @Option(names = "--phase", paramLabel = "<word>", description = "Its phase.")
    @Nullable String phase;

    @Option(names = "--priority", paramLabel = "<word>", description = "high, normal or low.")
    @Nullable String priority;

    @Option(names = "--capability", paramLabel = "<word>", description = "One that it has.")
    @Nullable String capability;

    @Option(names = "--objective", paramLabel = "<text>", description = "A part of its objective.")
    @Nullable String objective;

    @Option(
        names = "--limit",
        defaultValue = "100",
        description = "At most so many: ${DEFAULT-VALUE}.")
    int limit;

    Swarms(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      Json filters =
          Console.params(
              "status",
              status,
              "strategy",
              strategy,
              "mode",
              mode,
              "phase",
              phase,
              "priority",
              priority,
              "capability",
              capability,
              "objective",
              objective);
      Listing pages = new Listing("swarm.list", "swarms", filters, limit);
      return console ->
          console.show(pages.read(console), all -> console.print(table(console, all)));
    }

    private static Table table(Console console, Tree all) {
      Table table =
          new Table(
              "SWARM", "STATUS", "PRIORITY", ">NOW", ">DONE", ">FAILED", ">ACTIVE", "OBJECTIVE");
      for (Tree swarm : all.items("swarms")) {
        table.row(
            swarm.text("id"),
            status(swarm),
            swarm.text("metadata.priority"),
            swarm.text("activeTasks"),
            swarm.text("metrics.tasksCompleted"),
            swarm.text("metrics.tasksFailed"),
            console.age(swarm.number("lastActivity")),
            swarm.text("objective"));
      }
      return table;
    }
  }

  /** With what else one should know at a glance. */
  static String status(Tree swarm) {
    return swarm.text("status")
        + (swarm.at("paused").isTrue() ? ", paused" : "")
        + (swarm.at("attached").isTrue() ? "" : ", detached");
  }

  @Command(
      name = "swarm",
      mixinStandardHelpOptions = true,
      description = "Tells all of one swarm: tasks, resources, copies.")
  static final class Swarm extends OfOneSwarm {

    Swarm(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Mono<Integer> on(Console console, String id) {
      Mono<Map<String, Json>> parts =
          console
              .call("swarm.get", "swarmId", id)
              .<Map<String, Json>>map(got -> new LinkedHashMap<>(got.json().members()))
              .flatMap(all -> with(all, console.call("leader.get"), "leader", ""))
              .flatMap(all -> with(all, tasks(console, id), "tasks", "tasks"))
              .flatMap(
                  all ->
                      with(
                          all,
                          console.call("resource.list", "swarmId", id),
                          "resources",
                          "resources"))
              .flatMap(all -> with(all, console.call("state.load", "swarmId", id), "state", ""))
              .flatMap(
                  all ->
                      with(
                          all,
                          console.call("snapshot.list", "swarmId", id),
                          "snapshots",
                          "snapshots"))
              .flatMap(
                  all ->
                      with(
                          all,
                          console.call("checkpoint.list", "swarmId", id),
                          "checkpoints",
                          "checkpoints"));
      return console.show(
          parts.map(all -> new Tree(AnswerParts.object(all))),
          all -> SwarmText.print(console, all));
    }

    private static Mono<Tree> tasks(Console console, String id) {
      return console.call("task.list", "swarmId", id, "status", "assigned", "limit", 100);
    }

    /** What the token may not see, and a state that was never saved, is left out. */
    private static Mono<Map<String, Json>> with(
        Map<String, Json> all, Mono<Tree> asked, String name, String member) {
      return asked
          .map(answer -> member.isEmpty() ? answer : answer.at(member))
          .doOnNext(answer -> all.put(name, answer.json()))
          .onErrorResume(
              error ->
                  CoordinationException.is(error, ErrorCode.PERMISSION_DENIED)
                      || CoordinationException.is(error, ErrorCode.NOT_FOUND),
              hidden -> Mono.empty())
          .thenReturn(all);
    }
  }

  /** A command about one swarm. */
  abstract static class OfOneSwarm extends CtlCommand {

    @Parameters(paramLabel = "<swarm>", description = "Its id.")
    String swarm = "";

    OfOneSwarm(Surroundings surroundings) {
      super(surroundings);
    }

    abstract Mono<Integer> on(Console console, String id);

    @Override
    final Work prepare() {
      return console -> on(console, swarm);
    }
  }

  @Command(
      name = "deregister",
      mixinStandardHelpOptions = true,
      description = "Removes a swarm; its tasks go to others, its resources return.")
  static final class Deregister extends OfOneSwarm {

    @Option(
        names = "--reason",
        defaultValue = "by the command line",
        description = "Why; 'failed' archives it as failed.")
    String reason = "";

    Deregister(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Mono<Integer> on(Console console, String id) {
      return console.show(
          console.call("swarm.deregister", "swarmId", id, "reason", reason),
          done -> console.print(id + " is removed"));
    }
  }

  @Command(
      name = "recover",
      mixinStandardHelpOptions = true,
      description = "Prepares a swarm to go on from its state, checkpoint or snapshot.")
  static final class Recover extends OfOneSwarm {

    Recover(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Mono<Integer> on(Console console, String id) {
      return console.show(
          console.call("swarm.recover", "swarmId", id),
          done ->
              console.print(
                  done.at("success").isTrue()
                      ? "%s is recovered from its %s".formatted(id, done.text("source"))
                      : id + " has nothing to be recovered from"));
    }
  }

  @Command(
      name = "snapshot",
      mixinStandardHelpOptions = true,
      description = "Copies a swarm's state.")
  static final class Snapshot extends OfOneSwarm {

    @Option(names = "--label", description = "Why it is taken.")
    @Nullable String label;

    Snapshot(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Mono<Integer> on(Console console, String id) {
      return console.show(
          console.call("snapshot.create", "swarmId", id, "label", label),
          made -> console.print(made.text("snapshotId")));
    }
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Makes what a snapshot or checkpoint has the newest version of the state.")
  static final class Restore extends OfOneSwarm {

    @Parameters(
        index = "1",
        paramLabel = "<copy>",
        description = "A snapshot's or checkpoint's id.")
    String copy = "";

    Restore(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Mono<Integer> on(Console console, String id) {
      Mono<Tree> restored =
          console
              .call("checkpoint.list", "swarmId", id)
              .map(all -> isAmong(all.items("checkpoints")))
              .flatMap(
                  isCheckpoint ->
                      isCheckpoint
                          ? console.call("checkpoint.restore", "swarmId", id, "checkpointId", copy)
                          : console.call("snapshot.restore", "swarmId", id, "snapshotId", copy));
      return console.show(
          restored, now -> console.print("%s is at version %s".formatted(id, now.text("version"))));
    }

    private boolean isAmong(List<Tree> checkpoints) {
      return checkpoints.stream().anyMatch(one -> one.text("checkpointId").equals(copy));
    }
  }
}
