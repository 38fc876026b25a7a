package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.TaskStatistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Reads {@link TaskStatistics}. */
@ReplyOf(Script.TASK_STATISTICS)
final class TaskStatisticsReader {

  /** Lanes beyond are not searched for the oldest task. */
  private static final int LANES_SEARCHED = 256;

  private TaskStatisticsReader() {}

  static Mono<TaskStatistics> read(NodeContext context, TaskKeys keys) {
    return Mono.fromSupplier(
            () ->
                ScriptCall.of(Script.TASK_STATISTICS)
                    .keys(keys.common())
                    .key(context.keys().paused())
                    .arg(LANES_SEARCHED))
        .flatMap(context.link()::run)
        .map(TaskStatisticsReader::decode);
  }

  private static TaskStatistics decode(ScriptReply reply) {
    ScriptReply pairs = reply.list(0);
    Map<String, Long> counters = new HashMap<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      counters.put(pairs.string(i), Counts.number(pairs.string(i + 1)));
    }
    return new TaskStatistics(
        counters.getOrDefault("submitted", 0L),
        counters.getOrDefault("distributed", 0L),
        counters.getOrDefault("completed", 0L),
        counters.getOrDefault("failed", 0L),
        counters.getOrDefault("cancelled", 0L),
        counters.getOrDefault("redelivered", 0L),
        counters.getOrDefault("expired", 0L),
        counters.getOrDefault("returned", 0L),
        counters.getOrDefault("dead", 0L),
        reply.number(1) + reply.number(2),
        reply.number(2),
        reply.number(3),
        counters.getOrDefault("unroutable", 0L),
        reply.number(4),
        counters.getOrDefault("queueBytes", 0L),
        counters.getOrDefault("endedBytes", 0L),
        Duration.ofMillis(reply.number(5)),
        reply.number(6) == 1);
  }
}
