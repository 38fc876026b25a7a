package io.multiswarm.server.ctl;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.AnswerParts;
import io.multiswarm.server.client.Tree;
import io.multiswarm.server.config.ConfigException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tasks: which there are, why one waits, and what is done with one. */
final class TaskCommands {

  private static final String COMPLETED = "completed";

  /** A session may have 64 requests without an answer. */
  private static final int AT_A_TIME = 60;

  private TaskCommands() {}

  @Command(
      name = "tasks",
      mixinStandardHelpOptions = true,
      description = "Lists tasks, the newest first.")
  static final class Tasks extends CtlCommand {

    @Mixin private TaskFilters filters = new TaskFilters();

    @Option(
        names = "--limit",
        defaultValue = "100",
        description = "At most so many: ${DEFAULT-VALUE}.")
    int limit;

    Tasks(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      Listing pages = new Listing("task.list", "tasks", filters.params(), limit);
      return console ->
          console.show(pages.read(console), all -> console.print(table(console, all)));
    }

    private static Table table(Console console, Tree all) {
      Table table = new Table("TASK", "STATUS", ">ATTEMPTS", "SWARM", ">AGE", "WHAT");
      for (Tree task : all.items("tasks")) {
        table.row(
            task.text("id"),
            task.text("status"),
            task.text("attempts"),
            task.text("swarmId"),
            console.age(task.number("submittedAt")),
            task.text("description"));
      }
      return table;
    }
  }

  @Command(
      name = "task",
      mixinStandardHelpOptions = true,
      description = "Tells all of one task, and why it waits.")
  static final class Task extends CtlCommand {

    @Parameters(paramLabel = "<task>", description = "Its id.")
    String task = "";

    Task(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(
              Mono.zip(
                  console.call("task.get", "taskId", task),
                  console.call("task.explain", "taskId", task),
                  (got, why) ->
                      new Tree(
                          AnswerParts.object(
                              new TreeMap<>(
                                  Map.of(
                                      "task", got.at("task").json(),
                                      "explanation", why.json()))))),
              all -> TaskText.print(console, all));
    }
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = "Submits a task, and prints its id.")
  static final class Submit extends CtlCommand {

    @Parameters(paramLabel = "<description>", description = "What is to be done.")
    String description = "";

    @Mixin private NewTaskOptions options = new NewTaskOptions();

    @Option(names = "--await", description = "Wait for its end, as 'await' does.")
    boolean waits;

    Submit(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      Map<String, Json> task = new LinkedHashMap<>();
      task.put("description", Json.of(description));
      task.putAll(options.members());
      return console -> {
        Mono<Tree> submitted = console.call("task.submit", "from", options.from, "task", task);
        return waits
            ? submitted.flatMap(made -> awaited(console, made.text("taskId"), null))
            : console.show(submitted, made -> console.print(made.text("taskId")));
      };
    }
  }

  @Command(
      name = "await",
      mixinStandardHelpOptions = true,
      description = {
        "Waits for the end of tasks.",
        "Exit code 1 when one did not complete, or not in time."
      })
  static final class Await extends CtlCommand {

    @Parameters(paramLabel = "<task>", arity = "1..*", description = "Ids.")
    List<String> tasks = List.of();

    @Option(
        names = "--timeout",
        paramLabel = "<duration>",
        description = "How long at most; for ever without.")
    @Nullable String timeout;

    Await(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      Long millis = Times.millis("--timeout", timeout);
      Duration atMost = millis == null ? null : Duration.ofMillis(millis);
      return console ->
          Flux.fromIterable(tasks)
              .flatMapSequential(task -> awaited(console, task, atMost), AT_A_TIME)
              .reduce(Exit.DONE, Math::max);
    }
  }

  private static Mono<Integer> awaited(Console console, String task, @Nullable Duration atMost) {
    Long millis = atMost == null ? null : atMost.toMillis();
    return console
        .call("task.await", "taskId", task, "timeoutMs", millis)
        .flatMap(ended -> shown(console, ended));
  }

  private static Mono<Integer> shown(Console console, Tree ended) {
    return console
        .show(Mono.just(ended), all -> TaskText.end(console, all.at("task")))
        .map(done -> ended.text("task.status").equals(COMPLETED) ? Exit.DONE : Exit.REFUSED);
  }

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = "Makes dead tasks pending again: some by their ids, or all that fit.")
  static final class Retry extends OfTasks {

    Retry(Surroundings surroundings) {
      super(surroundings, "task.retryAll");
    }

    @Override
    Mono<Integer> one(Console console, String task) {
      return console.show(
          console.call("task.retry", "taskId", task),
          now -> console.print(task + " is " + now.text("status")));
    }
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Cancels tasks: some by their ids, or all that fit.")
  static final class Cancel extends OfTasks {

    Cancel(Surroundings surroundings) {
      super(surroundings, "task.cancelAll");
    }

    @Override
    Mono<Integer> one(Console console, String task) {
      return console.show(
          console.call("task.cancel", "taskId", task),
          now ->
              console.print(
                  task + (now.at("cancelled").isTrue() ? " is cancelled" : " had ended already")));
    }
  }

  /** What is done to tasks by their ids, or to all that fit. */
  abstract static class OfTasks extends CtlCommand {

    private final String bulk;

    @Parameters(paramLabel = "<task>", arity = "0..*", description = "Ids.")
    List<String> tasks = List.of();

    @Mixin private TaskFilters filters = new TaskFilters();

    @Option(
        names = "--yes",
        description = "With filters: do it. Without this flag it is only counted.")
    boolean isMeant;

    @Option(
        names = "--limit",
        description = "With filters: change at most so many, 1000 by default.")
    @Nullable Integer limit;

    OfTasks(Surroundings surroundings, String bulk) {
      super(surroundings);
      this.bulk = bulk;
    }

    abstract Mono<Integer> one(Console console, String task);

    @Override
    Work prepare() {
      Map<String, Json> params = new LinkedHashMap<>(filters.params().members());
      if (params.isEmpty() == tasks.isEmpty()) {
        throw new ConfigException("give ids of tasks, or filters that say which");
      }
      if (params.isEmpty()) {
        return console ->
            Flux.fromIterable(tasks)
                .concatMap(task -> one(console, task))
                .reduce(Exit.DONE, Math::max);
      }
      params.put("dryRun", Json.of(!isMeant));
      if (limit != null) {
        params.put("limit", Json.of(limit));
      }
      return console ->
          console.show(
              console.client().call(bulk, Json.object(params)).map(Tree::new),
              done -> console.print(outcome(done)));
    }

    private String outcome(Tree done) {
      return isMeant
          ? "%s fit, %s changed".formatted(done.text("matched"), done.text("changed"))
          : "%s fit, none changed: repeat it with --yes".formatted(done.text("matched"));
    }
  }

  @Command(
      name = "adopt",
      mixinStandardHelpOptions = true,
      description = "Makes an attempt's late result the task's own.")
  static final class Adopt extends CtlCommand {

    @Parameters(index = "0", paramLabel = "<task>", description = "Its id.")
    String task = "";

    @Parameters(index = "1", paramLabel = "<attempt>", description = "Whose result.")
    long attempt;

    Adopt(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(
              console.call("task.adopt", "taskId", task, "attempt", attempt),
              done -> console.print(task + " is completed with what attempt " + attempt + " gave"));
    }
  }
}
