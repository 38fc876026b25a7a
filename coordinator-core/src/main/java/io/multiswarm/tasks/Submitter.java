package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Sends submissions, those that wait together in one call. */
final class Submitter {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int SPEC_OVERHEAD = 1024;

  private final NodeContext context;
  private final TaskKeys keys;
  private final TaskReader reader;
  private final TaskStrategies strategies;
  private final NaturalBatcher<Item, Answer> batcher;

  private record Item(String id, NewTask task, String spec, String from) {
    int weight() {
      return spec.length();
    }
  }

  private record Answer(String id, String word) {}

  Submitter(NodeContext context, TaskKeys keys, TaskReader reader, TaskStrategies strategies) {
    this.context = context;
    this.keys = keys;
    this.reader = reader;
    this.strategies = strategies;
    this.batcher =
        new NaturalBatcher<>(
            "task.submit", NaturalBatcher.Limits.DEFAULT, Item::weight, this::submitAll);
  }

  Mono<Submission> submit(@Nullable String from, NewTask task) {
    return Mono.fromSupplier(() -> item(from, task)).flatMap(batcher::submit).flatMap(this::answer);
  }

  /** The id is chosen before the first call, so that a repetition finds the task. */
  private Item item(@Nullable String from, NewTask task) {
    if (from != null) {
      Ids.checkSwarm("from", from);
    }
    if (task.strategy() != null) {
      strategies.check(task.strategy());
    }
    String id = task.id() == null ? Ids.unique("task") : task.id();
    String spec = TaskSpec.write(task, id, from);
    int most = context.options().maxMessageSize() - SPEC_OVERHEAD;
    if (Json.trusted(spec).length() > most) {
      throw CoordinationException.of(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "task: %s has %d bytes, at most %d are accepted; keep large data elsewhere",
          id,
          spec.length(),
          most);
    }
    return new Item(id, task, spec, from == null ? "" : from);
  }

  private Mono<List<Outcome<Answer>>> submitAll(List<Item> items) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_SUBMIT)
            .keys(keys.common())
            .key(keys.index())
            .key(keys.dedupe())
            .arg(context.options().tasks().queueLimit());
    for (Item item : items) {
      NewTask task = item.task();
      call.key(keys.task(item.id()))
          .arg(item.id())
          .arg(task.dedupeKey() == null ? "" : task.dedupeKey())
          .arg(Lane.of(task).name())
          .arg(item.spec())
          .arg(task.maxAttempts())
          .arg(task.lease())
          .arg(task.delay())
          .arg(item.from());
    }
    return context.link().run(call).map(reply -> answers(reply, items.size()));
  }

  private static List<Outcome<Answer>> answers(ScriptReply reply, int count) {
    List<Outcome<Answer>> answers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      answers.add(Outcome.of(new Answer(reply.string(2 * i), reply.string(2 * i + 1))));
    }
    return answers;
  }

  private Mono<Submission> answer(Answer answer) {
    if (answer.word().equals(ErrorCode.RESOURCE_EXHAUSTED.name())) {
      return Mono.error(
          CoordinationException.of(
                  ErrorCode.RESOURCE_EXHAUSTED,
                  "task queue: %d tasks are pending, which is the limit; try again later",
                  context.options().tasks().queueLimit())
              .retryAfter(RETRY_AFTER));
    }
    if (answer.word().isEmpty()) {
      return reader
          .find(answer.id())
          .map(first -> new Submission(first.id(), first.status()))
          .switchIfEmpty(Mono.error(() -> Refusals.unknownTask(answer.id())));
    }
    return Mono.just(new Submission(answer.id(), TaskStatus.parse("status", answer.word())));
  }
}
