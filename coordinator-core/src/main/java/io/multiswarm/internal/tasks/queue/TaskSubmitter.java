package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Labels;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.Batches;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskQueue.Submission;
import io.multiswarm.tasks.TaskSpec;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.tasks.TaskStrategies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Sends submissions, those that wait together in one call. */
final class TaskSubmitter {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int SPEC_OVERHEAD = 1024;
  private static final int ITEM_OVERHEAD = 128;

  private static final String TOO_MANY = "TOO_MANY";
  private static final String TOO_MANY_OF_ONE = "TOO_MANY_OF_ONE";
  private static final String TOO_LARGE = "TOO_LARGE";
  private static final String TAKEN = "TAKEN";

  /** Before the id of the task that has the dedupe key. */
  private static final String EARLIER = "=";

  private final NodeContext context;
  private final TaskKeys keys;
  private final TaskReader reader;
  private final TaskStrategies strategies;
  private final EndedTasks ended;
  private final NaturalBatcher<Item, String> batcher;

  /** What tasks of one batch mostly have in common, and is sent once. */
  private record Kind(String lane, Duration delay, String terms) {
    static Kind of(NewTask task, String from) {
      return new Kind(
          Lane.of(task).name(),
          task.delay(),
          task.maxAttempts()
              + ":"
              + task.lease().toMillis()
              + ':'
              + from
              + TaskHead.labels(task.type(), task.principal()));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  private record Item(String id, Kind kind, @Nullable String dedupeKey, byte[] spec) {
    int weight() {
      return spec.length + ITEM_OVERHEAD;
    }
  }

  TaskSubmitter(
      NodeContext context,
      TaskKeys keys,
      TaskReader reader,
      EndedTasks ended,
      TaskStrategies strategies) {
    this.ended = ended;
    this.context = context;
    this.keys = keys;
    this.reader = reader;
    this.strategies = strategies;
    this.batcher =
        new NaturalBatcher<>("task.submit", Batches.LIMITS, Item::weight, this::submitAll);
  }

  Mono<Submission> submit(@Nullable String from, NewTask task) {
    // Chosen before the first call, so that a repetition finds the task; to subscribe again is one.
    String id = task.id() == null ? Ids.unique("task") : task.id();
    return Mono.fromSupplier(() -> item(id, from, task)).flatMap(this::send);
  }

  private Item item(String id, @Nullable String from, NewTask task) {
    if (from != null) {
      Ids.checkSwarm("from", from);
    }
    if (task.strategy() != null) {
      strategies.check(task.strategy());
    }
    byte[] spec = TaskSpec.write(task, id, from).getBytes(StandardCharsets.UTF_8);
    int most = context.options().maxMessageSize() - SPEC_OVERHEAD;
    if (spec.length > most) {
      throw CoordinationException.of(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "task: %s has %d bytes, at most %d are accepted; keep large data elsewhere",
          id,
          spec.length,
          most);
    }
    return new Item(id, Kind.of(task, from == null ? "" : from), dedupeKey(task), spec);
  }

  /**
   * Each principal has keys of its own: those of another would tell it of a task that is not its.
   */
  private static @Nullable String dedupeKey(NewTask task) {
    String key = task.dedupeKey();
    String principal = task.principal();
    return key == null || key.isEmpty() || principal == null
        ? key
        : Labels.of(principal) + ' ' + key;
  }

  private static CoordinationException full(String what, long limit) {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED, "task queue: " + what + "; try again later", limit)
        .retryAfter(RETRY_AFTER);
  }

  private Mono<Submission> send(Item item) {
    return batcher.submit(item).flatMap(word -> answer(item.id(), word));
  }

  private Mono<List<Outcome<String>>> submitAll(List<Item> items) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_SUBMIT)
            .keys(keys.common())
            .key(keys.index())
            .key(keys.dedupe())
            .arg(context.options().tasks().queueLimit())
            .arg(context.options().tasks().principalLimit())
            .arg(context.options().tasks().queueBytes());
    Map<Kind, Integer> kinds = new LinkedHashMap<>();
    for (Item item : items) {
      kinds.putIfAbsent(item.kind(), kinds.size() + 1);
    }
    call.arg(kinds.size());
    for (Kind kind : kinds.keySet()) {
      call.arg(kind.lane()).arg(kind.delay()).arg(kind.terms());
    }
    for (Item item : items) {
      int kind = kinds.getOrDefault(item.kind(), 0);
      String key = item.dedupeKey();
      call.arg(item.id())
          .arg(key == null || key.isEmpty() ? Integer.toString(kind) : kind + ":" + key)
          .arg(item.spec());
    }
    Mono<ScriptReply> sent = context.link().run(call);
    return sent.onErrorResume(
            RedisLink::isOutOfMemory,
            full -> ended.makeRoom().flatMap(made -> made ? sent : Mono.error(full)))
        .map(reply -> reply.texts().stream().map(Outcome::of).toList());
  }

  private Mono<Submission> answer(String id, String word) {
    if (word.equals(TOO_MANY)) {
      return Mono.error(
          full("%d tasks are pending, which is the limit", context.options().tasks().queueLimit()));
    }
    if (word.equals(TOO_MANY_OF_ONE)) {
      return Mono.error(
          full(
              "%d tasks of yours are pending, which is the limit (MAX_PENDING_TASKS_PER_PRINCIPAL)",
              context.options().tasks().principalLimit()));
    }
    if (word.equals(TOO_LARGE)) {
      return Mono.error(
          full(
              "with this one, tasks that have not ended take more than %d bytes, which is the"
                  + " limit",
              context.options().tasks().queueBytes()));
    }
    if (word.equals(TAKEN)) {
      return Mono.error(
          CoordinationException.of(
              ErrorCode.ALREADY_EXISTS,
              "task: the id %s is taken by somebody else's; choose another, or none",
              id));
    }
    if (word.startsWith(EARLIER)) {
      String earlier = word.substring(EARLIER.length());
      return reader
          .find(earlier)
          .map(first -> new Submission(first.id(), first.status()))
          .switchIfEmpty(Mono.error(() -> TaskRefusals.unknownTask(earlier)));
    }
    return Mono.just(new Submission(id, TaskStatus.parse("status", word)));
  }
}
