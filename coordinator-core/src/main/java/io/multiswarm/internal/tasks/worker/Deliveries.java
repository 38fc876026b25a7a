package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Retries;
import io.multiswarm.internal.tasks.queue.TaskReader;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.Assignment.PreviousAttempt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Brings assignments to the desks: by the signals that the assigning script sends to this node, and
 * after signals may have been lost, by reading what the swarms have.
 */
final class Deliveries {

  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);
  private static final int READ_AT_ONCE = 16;

  private static final int A_PAGE = 500;

  /** Words of an assignment's header at most. */
  private static final int HEADER = 8;

  private final NodeContext context;
  private final TaskKeys keys;
  private final AssignmentsBySwarm desks;
  private final TaskReader reader;
  private final AutoExtender extender;
  private final Grants grants;

  Deliveries(
      NodeContext context,
      TaskKeys keys,
      AssignmentsBySwarm desks,
      TaskReader reader,
      AutoExtender extender,
      Grants grants) {
    this.context = context;
    this.keys = keys;
    this.desks = desks;
    this.reader = reader;
    this.extender = extender;
    this.grants = grants;
    context.signals().on("task-assigned", this::assigned);
    context.signals().on("task-revoked", this::revoked);
    context.signals().onReset(this::reconcileAll);
  }

  /**
   * Text: leader and epoch, then for each assignment a header and the task, a line each; that of a
   * large task is empty. The last word of a header, if there is one, is what became of earlier
   * attempts.
   */
  private void assigned(String text) {
    String[] lines = text.split("\n", -1);
    String[] by = lines[0].split(" ");
    for (int i = 1; i + 1 < lines.length; i += 2) {
      String[] header = lines[i].split(" ", HEADER);
      Given given =
          new Given(
              header[2],
              Long.parseLong(header[3]),
              Duration.ofMillis(Long.parseLong(header[4])),
              by[0],
              Long.parseLong(by[1]),
              header[6],
              Integer.parseInt(header[5]));
      TaskBody body =
          lines[i + 1].isEmpty()
              ? null
              : new TaskBody(
                  Json.trusted(lines[i + 1]),
                  header.length < HEADER
                      ? List.of()
                      : PreviousAttempt.readAll(Json.trusted(header[HEADER - 1])));
      desks.find(header[0], Long.parseLong(header[1])).ifPresent(desk -> put(desk, given, body));
    }
  }

  private void put(AssignmentsInFlight desk, Given given, @Nullable TaskBody body) {
    if (desk.put(given, body, context.scheduler().now(TimeUnit.MILLISECONDS))) {
      extender.watch(desk);
    }
  }

  /** Text: swarm, incarnation, task, attempt, reason. */
  private void revoked(String text) {
    String[] words = text.split(" ", 5);
    desks
        .find(words[0], Long.parseLong(words[1]))
        .ifPresent(desk -> desk.revoke(words[2], Long.parseLong(words[3]), words[4]));
  }

  private void reconcileAll() {
    // It ends by itself: each failure is repeated until the desk is gone or the read succeeds.
    Flux.fromIterable(desks.all())
        .flatMap(desk -> settled(desk).then(grantAgain(desk)), READ_AT_ONCE)
        .subscribe(
            done -> {}, error -> log.error("Defect while assignments were read again", error));
  }

  /** Redis may have come back without the last grants; they are totals, and known ones add none. */
  private Mono<Void> grantAgain(AssignmentsInFlight desk) {
    return Mono.defer(() -> grants.grant(desk.owner(), desk.granted()))
        .retryWhen(Retries.untilAnswered(context.scheduler()))
        .onErrorComplete(CoordinationException.class) // not its attachment any more
        .then();
  }

  /** As {@link #reconcile}, repeated until it succeeds or the desk is closed. */
  Mono<Void> settled(AssignmentsInFlight desk) {
    return Mono.defer(() -> isCurrent(desk) ? reconcile(desk) : Mono.empty())
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                .maxBackoff(Duration.ofSeconds(2))
                .scheduler(context.scheduler()));
  }

  private boolean isCurrent(AssignmentsInFlight desk) {
    return desks.find(desk.owner()).filter(found -> found == desk).isPresent();
  }

  /** Makes the desk agree with Redis: what it misses is delivered, what it lost is revoked. */
  Mono<Void> reconcile(AssignmentsInFlight desk) {
    Ownership owner = desk.owner();
    // Taken before the read, so that what is assigned meanwhile is not mistaken for lost.
    Map<String, Long> known = desk.attempts();
    return present(owner.swarmId())
        .flatMap(
            present -> {
              known.forEach(
                  (taskId, attempt) -> {
                    if (!attempt.equals(present.get(taskId))) {
                      desk.revoke(taskId, attempt, "returned to the queue");
                    }
                  });
              return Flux.fromIterable(present.entrySet())
                  .filter(entry -> !entry.getValue().equals(known.get(entry.getKey())))
                  .map(Map.Entry::getKey)
                  .buffer(A_PAGE / 5)
                  .concatMap(reader::records, 1)
                  .flatMapIterable(records -> given(records, owner.swarmId()))
                  .doOnNext(given -> put(desk, given, null))
                  .then();
            });
  }

  private List<Given> given(Map<String, TaskRecord> records, String swarmId) {
    return records.entrySet().stream()
        .flatMap(one -> given(one.getKey(), one.getValue(), swarmId).stream())
        .toList();
  }

  private Optional<Given> given(String taskId, TaskRecord record, String swarmId) {
    return context
        .unreadable()
        .passing("task", taskId, () -> Given.of(taskId, record, swarmId))
        .flatMap(given -> given);
  }

  /** Attempts by task, as Redis has them; a member is {@code swarm|task|attempt}. */
  private Mono<Map<String, Long>> present(String swarmId) {
    return page(swarmId, swarmId + '|')
        .expand(
            page ->
                page.size() < A_PAGE
                    ? Mono.empty()
                    : page(swarmId, page.get(page.size() - 1) + '\0'))
        .flatMapIterable(page -> page)
        .collect(
            LinkedHashMap::new,
            (attempts, member) ->
                context
                    .unreadable()
                    .passing("assignment", member, () -> attempt(member, swarmId))
                    .ifPresent(one -> attempts.put(one.getKey(), one.getValue())));
  }

  private static Map.Entry<String, Long> attempt(String member, String swarmId) {
    int end = member.lastIndexOf('|');
    return Map.entry(
        member.substring(swarmId.length() + 1, end),
        Long.parseLong(member, end + 1, member.length(), 10));
  }

  private Mono<List<String>> page(String swarmId, String from) {
    return context.link().reads().lexical(keys.assigned(), from, swarmId + '}', A_PAGE);
  }
}
