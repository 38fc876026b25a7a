package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads tasks by id, many in one call, and decodes them. */
public final class TaskReader {

  private static final int SPEC = 0;
  private static final int RECORD = 1;
  private static final int RESULT = 2;
  private static final int ERROR = 3;
  private static final int PROGRESS = 4;

  private final NodeContext context;
  private final TaskKeys keys;
  private final NaturalBatcher<String, ScriptReply> reads;

  public TaskReader(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.reads =
        new NaturalBatcher<>(
            "task.get", NaturalBatcher.Limits.DEFAULT, String::length, this::readAll);
  }

  /** Empty when there is none. */
  Mono<Task> find(String taskId) {
    return raw(taskId).map(fields -> task(taskId, fields));
  }

  /** The assignment that a swarm has of a task; empty when it has none. */
  public Mono<Assignment> assignment(String swarmId, String taskId) {
    return raw(taskId)
        .map(fields -> assignment(swarmId, taskId, fields))
        .flatMap(Mono::justOrEmpty);
  }

  private Mono<ScriptReply> raw(String taskId) {
    return reads.submit(taskId);
  }

  private Mono<List<Outcome<ScriptReply>>> readAll(List<String> ids) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_READ).key(keys.tasks()).key(keys.specs()).key(keys.details());
    ids.forEach(call::arg);
    return context
        .link()
        .run(call)
        .map(
            reply -> {
              List<Outcome<ScriptReply>> tasks = new ArrayList<>(ids.size());
              for (int i = 0; i < ids.size(); i++) {
                tasks.add(new Outcome<>(reply.isNull(i) ? null : reply.list(i), null));
              }
              return tasks;
            });
  }

  private static Task task(String id, ScriptReply fields) {
    TaskRecord record = TaskRecord.parse(fields.string(RECORD));
    Json result = json(fields, RESULT);
    boolean completed = record.status() == TaskStatus.COMPLETED;
    return new Task(
        id,
        Json.trusted(fields.bytes(SPEC)),
        record.status(),
        record.attempt(),
        record.failures(),
        record.swarmId(),
        result == null && completed ? Json.NULL : result,
        json(fields, ERROR),
        json(fields, PROGRESS),
        record.submittedAt(),
        record.last().at(),
        record.notes().stream().map(TaskRecord.Note::toJson).toList());
  }

  private static Optional<Assignment> assignment(
      String swarmId, String taskId, ScriptReply fields) {
    TaskRecord record = TaskRecord.parse(fields.string(RECORD));
    if (!record.isAssignedTo(swarmId)) {
      return Optional.empty();
    }
    String[] by = record.last().more().split(":", 3);
    return Optional.of(
        new Assignment(
            swarmId,
            taskId,
            record.attempt(),
            record.lease(),
            by[0],
            Long.parseLong(by[1]),
            by[2],
            Json.trusted(fields.bytes(SPEC))));
  }

  private static @Nullable Json json(ScriptReply fields, int index) {
    return fields.isNull(index) ? null : Json.trusted(fields.bytes(index));
  }
}
