package io.multiswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.testing.ExpectErrorLog;
import io.multiswarm.testing.LogLines;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What handlers of an application do, and what the node does meanwhile. */
@RedisTest
class HandlersIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final CountDownLatch over = new CountDownLatch(1);
  private MultiSwarmCoordination node;
  private SwarmCoordinator swarm;

  @BeforeEach
  void start(TestRedis redis) {
    node =
        MultiSwarmCoordination.connect(
                ConnectOptions.of(redis.uri())
                    .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet())))
            .block(SOON);
    swarm = node.createSwarm(NewSwarm.of("x").withId("swarm")).block(SOON).coordinator();
  }

  @AfterEach
  void stop() {
    over.countDown();
    node.shutdown().block(SOON);
  }

  private void blocks() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String type) {
    swarm.send("swarm", NewMessage.of(type, Json.of(1))).block(SOON);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  @ExpectErrorLog(value = "The handler of message", atLeast = 3)
  void onMessage_withAHandlerThatThrowsAnything_givesItTheNextMessage() throws Exception {
    List<Throwable> thrown =
        List.of(
            new IllegalStateException("a"),
            new AssertionError("b"),
            new NoClassDefFoundError("c"),
            new StackOverflowError());
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    AtomicInteger count = new AtomicInteger();
    swarm
        .onMessage(
            "word",
            (payload, message) -> {
              int n = count.getAndIncrement();
              heard.add(n);
              if (n < thrown.size()) {
                HandlersIT.<RuntimeException>rethrow(thrown.get(n));
              }
            })
        .ready()
        .block(SOON);
    for (int n = 0; n <= thrown.size(); n++) {
      send("word");
      assertThat(next(heard)).isEqualTo(n);
    }
  }

  @Test
  void onMessage_withAHandlerThatBlocks_keepsTheNodeGoing() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    swarm
        .onMessage(
            "word",
            (payload, message) -> {
              began.countDown();
              blocks();
            })
        .ready()
        .block(SOON);
    send("word");
    assertThat(began.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    CountDownLatch heard = new CountDownLatch(1);
    swarm.onMessage("other", (payload, message) -> heard.countDown()).ready().block(SOON);
    send("other");
    assertThat(heard.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** Many more than a history keeps. */
  @Test
  void onMessage_ofABurstWhileTheHandlerIsAtWork_givesAllOfIt() throws Exception {
    int burst = 5_000;
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    swarm
        .onMessage(
            "n",
            (payload, message) -> {
              blocks();
              heard.add(message.data().as(Integer.class));
            })
        .ready()
        .block(SOON);
    send("n", Flux.range(0, burst).map(Json::of));
    over.countDown();
    for (int n = 0; n < burst; n++) {
      assertThat(next(heard)).isEqualTo(n);
    }
  }

  /** What waits is 16 MiB, and the history keeps 4 MiB of what comes after it. */
  @Test
  void onMessage_ofMoreThanMayWait_givesTheRestAndNamesWhatIsGone() throws Exception {
    int count = 250;
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    swarm
        .onMessage(
            "large",
            (payload, message) -> {
              blocks();
              heard.add(message.data().members().get("n").as(Integer.class));
            })
        .ready()
        .block(SOON);
    CountDownLatch allHere = new CountDownLatch(1);
    swarm.onMessage("end", (payload, message) -> allHere.countDown()).ready().block(SOON);
    try (LogLines log = LogLines.of(MessageHandler.class.getName())) {
      String filling = "x".repeat(100_000);
      send("large", Flux.range(1, count).map(n -> Json.of(Map.of("n", n, "filling", filling))));
      send("end");
      assertThat(allHere.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      over.countDown();
      List<Integer> all = new ArrayList<>();
      do {
        all.add(next(heard));
      } while (all.get(all.size() - 1) < count);
      assertThat(all).isSorted().doesNotHaveDuplicates().startsWith(1, 2, 3);
      assertThat(all.size()).isBetween(170, 220);
      log.awaitLine("what is gone", line -> line.contains("misses") && line.contains("trimmed"));
    }
  }

  /** In this order, and returns when they are stored. */
  private void send(String type, Flux<Json> data) {
    data.flatMapSequential(one -> swarm.send("swarm", NewMessage.of(type, one)), 16)
        .blockLast(SOON);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void work_withHandlersThatBlock_runsAsManyAsItMay() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Disposable working =
        swarm
            .work(
                2,
                task -> {
                  both.countDown();
                  blocks();
                  return Mono.just(Json.of("done"));
                })
            .subscribe();
    Mono<List<Json>> results =
        Flux.range(0, 2)
            .flatMap(n -> swarm.submit(NewTask.builder("t").build()))
            .flatMap(TaskHandle::result)
            .collectList()
            .cache();
    Disposable waiting = results.subscribe();
    assertThat(both.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(swarm.swarm().block(SOON).activeTasks()).isEqualTo(2);
    over.countDown();
    assertThat(results.block(SOON)).hasSize(2);
    waiting.dispose();
    working.dispose();
  }

  @Test
  void work_withAHandlerThatThrowsAnything_failsThatAttemptAlone() {
    AtomicInteger count = new AtomicInteger();
    Disposable working =
        swarm
            .work(
                1,
                task -> {
                  switch (count.getAndIncrement()) {
                    case 0 -> throw new AssertionError("a");
                    case 1 -> throw new NoClassDefFoundError("b");
                    default -> {
                      return Mono.just(Json.of("done"));
                    }
                  }
                })
            .subscribe();
    NewTask task = NewTask.builder("t").maxAttempts(3).build();
    assertThat(swarm.submit(task).flatMap(TaskHandle::result).block(SOON))
        .isEqualTo(Json.of("done"));
    working.dispose();
  }

  @Test
  void whileLeading_withWorkThatBlocks_keepsTheNodeGoing() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    Disposable leading =
        swarm
            .whileLeading(
                term -> {
                  began.countDown();
                  blocks();
                  return Mono.never();
                })
            .subscribe();
    assertThat(began.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    CountDownLatch heard = new CountDownLatch(1);
    swarm.onMessage("word", (payload, message) -> heard.countDown()).ready().block(SOON);
    send("word");
    assertThat(heard.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(swarm.isLeader()).isTrue();
    leading.dispose();
  }
}
