package io.multiswarm.internal.tasks.queue;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskNode;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** No signal ever comes here, so that only the seldom look finds out. */
@RedisTest
class CompletionWaitersIT {

  private static final int TASKS = 250;
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final String PENDING = "pending:0::0:0:3:30000:120::1::|%016d|t%d\nP1700 0 - ";

  private final Scheduler scheduler = Schedulers.newSingle("waiters", true);
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Queue<Task> ended = new ConcurrentLinkedQueue<>();
  private TestRedis redis;
  private RedisLink link;
  private TaskKeys keys;
  private TaskReader reader;
  private CompletionWaiters waiters;

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    link = RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
    link.connected().block(TaskNode.PATIENCE);
    CoordinationOptions options = CoordinationOptions.defaults().withFleet(redis.fleet());
    NodeContext context = NodeContext.of("n", link, options, scheduler);
    keys = new TaskKeys(context.keys());
    reader = new TaskReader(context, keys);
    waiters = new CompletionWaiters(reader, time);
    for (int i = 0; i < TASKS; i++) {
      write(i, PENDING.formatted(i, i));
    }
  }

  private void write(int task, String record) {
    redis.cli("HSET", keys.tasks(), "t" + task, record);
    redis.cli("HSET", keys.specs(), "t" + task, "{\"description\":\"x\"}");
  }

  @AfterEach
  void end() {
    waiters.close();
    link.close().block(TaskNode.PATIENCE);
    scheduler.dispose();
    time.dispose();
  }

  private long calls(String command) {
    return redis.commandCounts().getOrDefault(command, 0L);
  }

  /** Three of each task; their first reads are over, for a later one is. */
  private void awaitAll() {
    Flux.range(0, 3 * TASKS)
        .flatMap(i -> waiters.of("t" + i % TASKS), 3 * TASKS)
        .subscribe(ended::add);
    assertThat(reader.find("t0").block(TaskNode.PATIENCE)).isNotNull();
  }

  @Test
  void waiting_forManyTasks_costsAFewReadsOfTheirRecordsNowAndThen() {
    awaitAll();
    long scripts = calls("evalsha");
    long reads = calls("hmget");
    for (int round = 1; round <= 6; round++) {
      time.advanceTimeBy(ROUND);
      long expected = reads + 3L * round;
      await("a look at all", TaskNode.PATIENCE, () -> calls("hmget") >= expected);
      link.reads().micros().block(TaskNode.PATIENCE);
    }

    assertThat(calls("hmget")).isEqualTo(reads + 18);
    assertThat(calls("evalsha")).as("nothing else is read").isEqualTo(scripts);
    assertThat(ended).isEmpty();
  }

  @Test
  void ends_ofWhichNoSignalCame_areFoundByTheNextLook() {
    awaitAll();
    List<Integer> some = IntStream.of(3, 100, 249).boxed().toList();
    some.forEach(i -> write(i, PENDING.formatted(i, i).replace("pending:0", "cancelled:0")));
    time.advanceTimeBy(ROUND);

    await("the ends", TaskNode.PATIENCE, () -> ended.size() == 9);
    assertThat(ended).extracting(Task::status).containsOnly(TaskStatus.CANCELLED);
  }
}
