package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.Task.LateResult;
import io.multiswarm.tasks.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads tasks by id, many in one call, and decodes them. */
public final class TaskReader {

  /** What may come along by the script; the rest is read without, see there. */
  private static final int BYTES_A_CALL = 64 << 10;

  private final NodeContext context;
  private final TaskKeys keys;
  private final NaturalBatcher<String, Fields> reads;

  /**
   * A task as Redis keeps it.
   *
   * @param spec null of one that is too large for a script, of which the record alone is here
   */
  @ReplyOf(Script.TASK_READ)
  private record Fields(
      @Nullable Json spec,
      String record,
      @Nullable Json result,
      @Nullable Json error,
      @Nullable String progress,
      @Nullable String late) {

    static Fields from(ScriptReply reply) {
      return new Fields(
          json(reply, 0),
          reply.string(1),
          json(reply, 2),
          json(reply, 3),
          reply.stringOrNull(4),
          reply.stringOrNull(5));
    }

    private static @Nullable Json json(ScriptReply reply, int index) {
      return reply.isNull(index) ? null : Json.trusted(reply.bytes(index));
    }
  }

  public TaskReader(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.reads =
        new NaturalBatcher<>(
            "task.get", NaturalBatcher.Limits.DEFAULT, String::length, this::readAll);
  }

  /** Empty when there is none. */
  public Mono<Task> find(String taskId) {
    return reads
        .submit(taskId)
        .flatMap(
            fields -> {
              Json spec = fields.spec();
              return spec == null
                  ? large(taskId, TaskRecord.parse(taskId, fields.record()))
                  : Mono.just(small(taskId, spec, fields));
            });
  }

  /** The records of those that are known and can be read, in their order; at most 100. */
  public Mono<Map<String, TaskRecord>> records(List<String> ids) {
    return context
        .link()
        .reads()
        .hashFields(keys.tasks(), ids)
        .map(
            found -> {
              Map<String, TaskRecord> records = new LinkedHashMap<>();
              for (int i = 0; i < ids.size(); i++) {
                String id = ids.get(i);
                found
                    .get(i)
                    .map(record -> new String(record, StandardCharsets.UTF_8))
                    .flatMap(record -> readable(id, record))
                    .ifPresent(record -> records.put(id, record));
              }
              return records;
            });
  }

  private Optional<TaskRecord> readable(String id, String record) {
    return context.unreadable().passing("task", id, () -> TaskRecord.parse(id, record));
  }

  /** Those that have ended or are not known; at most 100, of which one call reads the records. */
  Mono<List<String>> settled(List<String> ids) {
    return context
        .link()
        .reads()
        .hashFields(keys.tasks(), ids)
        .map(
            records ->
                IntStream.range(0, ids.size())
                    .filter(i -> isSettled(ids.get(i), records.get(i)))
                    .mapToObj(ids::get)
                    .toList());
  }

  private boolean isSettled(String id, Optional<byte[]> record) {
    return record.isEmpty()
        || context
            .unreadable()
            .passing("task", id, () -> TaskHead.parse(record.get()))
            .filter(task -> task.status().isEnded())
            .isPresent();
  }

  private Mono<List<Outcome<Fields>>> readAll(List<String> ids) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_READ)
            .key(keys.tasks())
            .key(keys.specs())
            .key(keys.details())
            .arg(BYTES_A_CALL);
    ids.forEach(call::arg);
    return context
        .link()
        .run(call)
        .map(
            reply -> {
              List<Outcome<Fields>> tasks = new ArrayList<>(ids.size());
              for (Optional<ScriptReply> one : reply.lists()) {
                tasks.add(new Outcome<>(one.map(Fields::from).orElse(null), null));
              }
              return tasks;
            });
  }

  private static Task small(String id, Json spec, Fields fields) {
    return task(
        id,
        TaskRecord.parse(id, fields.record()),
        new Texts(
            spec,
            fields.result(),
            fields.error(),
            progress(fields.progress()),
            late(fields.late())));
  }

  /** Reads what a script would read byte by byte; it changes by additions alone. */
  private Mono<Task> large(String id, TaskRecord record) {
    RedisReads redis = context.link().reads();
    return Mono.zip(
            redis.hashFields(keys.specs(), List.of(id)),
            redis.hashFields(keys.details(), List.of(id + "|r", id + "|e", id + "|p", id + "|l")))
        .filter(found -> found.getT1().get(0).isPresent())
        .map(
            found ->
                task(
                    id,
                    record,
                    new Texts(
                        Json.trusted(found.getT1().get(0).orElseThrow()),
                        json(found.getT2().get(0)),
                        json(found.getT2().get(1)),
                        progress(text(found.getT2().get(2))),
                        late(text(found.getT2().get(3))))));
  }

  /** What users gave. */
  private record Texts(
      Json spec,
      @Nullable Json result,
      @Nullable Json error,
      @Nullable Json progress,
      List<LateResult> late) {}

  private static Task task(String id, TaskRecord record, Texts texts) {
    boolean completed = record.status() == TaskStatus.COMPLETED;
    // A result that came after the record was read is of the moment after.
    Json result = texts.result() == null ? Json.NULL : texts.result();
    return new Task(
        id,
        texts.spec(),
        record.status(),
        record.attempts(),
        record.failures(),
        record.swarmId(),
        completed ? result : null,
        texts.error(),
        texts.progress(),
        record.submittedAt(),
        record.last().at(),
        record.notes().stream().map(TaskRecord.Note::toJson).toList(),
        texts.late());
  }

  /** {@code <attempt> <JSON>}. */
  private static @Nullable Json progress(@Nullable String told) {
    return told == null ? null : Json.trusted(told.substring(told.indexOf(' ') + 1));
  }

  /** A line each: {@code <attempt> <swarm> <ms> <JSON, or nothing>}. */
  private static List<LateResult> late(@Nullable String kept) {
    return kept == null ? List.of() : kept.lines().map(TaskReader::lateResult).toList();
  }

  private static LateResult lateResult(String line) {
    String[] words = line.split(" ", 4);
    return new LateResult(
        Long.parseLong(words[0]),
        words[1],
        Instant.ofEpochMilli(Long.parseLong(words[2])),
        words[3].isEmpty() ? null : Json.trusted(words[3]));
  }

  private static @Nullable String text(Optional<byte[]> text) {
    return text.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse(null);
  }

  private static @Nullable Json json(Optional<byte[]> text) {
    return text.map(Json::trusted).orElse(null);
  }
}
