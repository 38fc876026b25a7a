package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.judge.TaskAudit.Ending;
import io.multiswarm.load.judge.TaskAudit.Note;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/** Asks what became of the tasks, of whatever server there is. */
final class TaskInquiry {

  private static final int A_LOOK = 64;
  private static final int AT_ONCE = 8;
  private static final int A_PAGE = 500;

  private final ChaosContext context;
  private volatile @Nullable SwarmClient client;

  TaskInquiry(ChaosContext context) {
    this.context = context;
  }

  /** Settles the oldest tasks that are open only because an answer was lost. */
  Mono<Void> settle() {
    return Flux.defer(() -> Flux.fromIterable(context.seen().ledger().openTasks(A_LOOK)))
        .flatMap(this::settle, AT_ONCE)
        .then();
  }

  private Mono<Void> settle(long task) {
    return ask("task.get", Map.of("taskId", context.names().of(task)))
        .map(answer -> ending(answer.path("task")))
        .doOnNext(
            ending -> {
              if (ending.status().equals("completed")) {
                context.seen().found(ending.swarm(), task, ending.attempt());
              }
            })
        .onErrorResume(
            Fault.class, fault -> Mono.fromRunnable(() -> context.seen().unexpected(fault)))
        .then();
  }

  /** Reads all tasks for the audit. */
  Mono<Void> audit() {
    return page("")
        .expand(
            page -> {
              String next = page.path("nextCursor").asString("");
              return next.isEmpty() ? Mono.empty() : page(next);
            })
        .doOnNext(
            page ->
                page.path("tasks")
                    .valueStream()
                    .map(this::ending)
                    .forEach(context.seen().audit()::read))
        .then();
  }

  private Mono<JsonNode> page(String cursor) {
    return ask(
        "task.list",
        cursor.isEmpty() ? Map.of("limit", A_PAGE) : Map.of("limit", A_PAGE, "cursor", cursor));
  }

  private Ending ending(JsonNode task) {
    List<Note> history =
        task.path("history")
            .valueStream()
            .map(note -> new Note(note.path("status").asString(), note.path("attempt").asLong()))
            .toList();
    return new Ending(
        context.names().number(task.path("id").asString()),
        task.path("status").asString(),
        task.path("swarmId").asString(""),
        task.path("attempts").asLong(),
        history);
  }

  /** What the fleet counts as unfinished in the end; all of it should be 0. */
  Mono<Map<String, Long>> leftOver() {
    return ask("stats.get", Map.of())
        .map(
            told -> {
              JsonNode tasks = told.path("tasks");
              Map<String, Long> left = new TreeMap<>();
              for (String count : List.of("queueDepth", "delayed", "assigned", "dead")) {
                left.put(count, tasks.path(count).asLong(-1));
              }
              return left;
            });
  }

  /** Asked again until there is an answer, or a refusal that lasts. */
  private Mono<JsonNode> ask(String method, Map<String, Object> params) {
    return Mono.defer(this::connected)
        .flatMap(connected -> connected.request(method, params))
        .retryWhen(
            Retry.fixedDelay(Long.MAX_VALUE, ChaosContext.BETWEEN_ATTEMPTS)
                .scheduler(context.clock())
                .filter(error -> !(error instanceof Fault fault) || ChaosContext.isPassing(fault)));
  }

  private Mono<SwarmClient> connected() {
    SwarmClient present = client;
    if (present != null) {
      return Mono.just(present);
    }
    return context
        .slots()
        .any()
        .flatMap(url -> context.scenario().connector().connect(url))
        .flatMap(connected -> connected.open().thenReturn(connected))
        .doOnNext(this::use);
  }

  private void use(SwarmClient connected) {
    client = connected;
    connected
        .closed()
        .subscribe(
            null,
            reason -> {
              if (client == connected) {
                client = null;
              }
            });
  }
}
