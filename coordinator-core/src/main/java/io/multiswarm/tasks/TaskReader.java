package io.multiswarm.tasks;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads tasks by id, many in one call, and decodes them. */
final class TaskReader {

  private static final int SPEC = 0;
  private static final int STATE = 1;
  private static final int PLACE = 2;
  private static final int HISTORY = 3;
  private static final int BY = 5;
  private static final int RESULT = 6;
  private static final int ERROR = 7;
  private static final int PROGRESS = 8;

  private final NodeContext context;
  private final TaskKeys keys;
  private final NaturalBatcher<String, ScriptReply> reads;

  TaskReader(NodeContext context, TaskKeys keys) {
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
  Mono<Assignment> assignment(String swarmId, String taskId) {
    return raw(taskId)
        .filter(fields -> isAssignedTo(swarmId, fields))
        .map(fields -> assignment(swarmId, taskId, fields));
  }

  private Mono<ScriptReply> raw(String taskId) {
    return reads.submit(taskId);
  }

  private Mono<List<Outcome<ScriptReply>>> readAll(List<String> ids) {
    ScriptCall call = ScriptCall.of(Script.TASK_READ);
    ids.forEach(id -> call.key(keys.task(id)));
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
    String[] state = fields.string(STATE).split(":", 6);
    TaskStatus status = TaskStatus.parse("status", state[0]);
    List<Json> history =
        Arrays.stream(fields.string(HISTORY).split("\n")).map(Json::trusted).toList();
    String swarm = state[5];
    return new Task(
        id,
        Json.trusted(fields.bytes(SPEC)),
        status,
        Long.parseLong(state[1]),
        Integer.parseInt(state[2]),
        swarm.isEmpty() ? null : swarm,
        json(fields, RESULT),
        json(fields, ERROR),
        json(fields, PROGRESS),
        submittedAt(fields.string(PLACE)),
        notedAt(history.get(history.size() - 1)),
        history);
  }

  private static boolean isAssignedTo(String swarmId, ScriptReply fields) {
    String state = fields.string(STATE);
    return state.startsWith("assigned:") && state.endsWith(':' + swarmId);
  }

  private static Assignment assignment(String swarmId, String taskId, ScriptReply fields) {
    String[] state = fields.string(STATE).split(":", 6);
    String[] by = fields.string(BY).split(":", 3);
    return new Assignment(
        swarmId,
        taskId,
        Long.parseLong(state[1]),
        Duration.ofMillis(Long.parseLong(state[4])),
        by[0],
        Long.parseLong(by[1]),
        by[2],
        Json.trusted(fields.bytes(SPEC)));
  }

  private static @Nullable Json json(ScriptReply fields, int index) {
    return fields.isNull(index) ? null : Json.trusted(fields.bytes(index));
  }

  private static Instant submittedAt(String place) {
    int end = place.lastIndexOf('|');
    long micros = Long.parseLong(place, place.lastIndexOf('|', end - 1) + 1, end, 10);
    return Instant.ofEpochMilli(micros / 1000);
  }

  /** A note begins with {@code {"at":}, as {@code lib/task} writes it. */
  private static Instant notedAt(Json note) {
    String text = note.toString();
    return Instant.ofEpochMilli(Long.parseLong(text, "{\"at\":".length(), text.indexOf(','), 10));
  }
}
