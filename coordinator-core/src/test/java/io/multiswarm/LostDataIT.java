package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Refused;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Redis loses data below living nodes: what they remember is not taken for what comes after it. */
@RedisTest
@Tag("container")
class LostDataIT {

  private static final Duration SOON = Duration.ofSeconds(40);

  private MultiSwarmCoordination here;
  private MultiSwarmCoordination there;

  private void start(OwnedRedis redis) {
    ConnectOptions options =
        ConnectOptions.of(redis.uri())
            .withCoordination(
                CoordinationOptions.defaults()
                    .withFleet(redis.fleet())
                    .withLiveness(
                        new CoordinationOptions.Liveness(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(2))));
    here = MultiSwarmCoordination.connect(options).block(SOON);
    there = MultiSwarmCoordination.connect(options).block(SOON);
  }

  @AfterEach
  void stop() {
    Mono.when(here.shutdown(), there.shutdown()).block(SOON);
  }

  @Test
  void flush_underAHeldSwarm_itsNextLifeIsToldItsTasks(OwnedRedis redis) {
    start(redis);
    SwarmCoordinator before = create(here);
    work(before);
    assertThat(result(there, "t1")).isEqualTo("done by w");

    redis.flushAll();
    assertThat(before.lost().block(SOON).detail()).isEqualTo("not registered any more");
    SwarmCoordinator after = create(here);
    work(after);

    assertThat(after.ownership().incarnation()).isGreaterThan(before.ownership().incarnation());
    assertThat(result(there, "t1")).isEqualTo("done by w");
    Refused.refused(
        ErrorCode.FENCED, () -> before.state().save(Json.of(Map.of("n", 1))).block(SOON));
  }

  @Test
  void flush_underAHeldSwarm_letsNobodyOfItsFormerLifeActForTheNext(OwnedRedis redis) {
    start(redis);
    SwarmCoordinator before = create(here);
    redis.flushAll();
    SwarmCoordinator after = create(there);

    Refused.refused(
        ErrorCode.FENCED, () -> before.state().save(Json.of(Map.of("n", 1))).block(SOON));
    assertThat(before.lost().block(SOON)).isNotNull();
    work(after);
    assertThat(result(here, "t1")).isEqualTo("done by w");
  }

  /** The file is of a time when the swarm was attached otherwise, and had been granted less. */
  @Test
  @RedisTest(settings = {"appendonly no"})
  void olderFile_underAHeldSwarm_itsHolderIsToldAndGoesOn(OwnedRedis redis) {
    start(redis);
    CreatedSwarm created = here.createSwarm(NewSwarm.of("work").withId("w")).block(SOON);
    redis.cli("SAVE");
    SwarmCoordinator attached = here.attachSwarm("w", created.key()).block(SOON);
    work(attached);
    assertThat(result(there, "t1")).isEqualTo("done by w");

    redis.kill();
    redis.start();
    assertThat(attached.lost().block(SOON).detail()).isEqualTo("interrupted");
    SwarmCoordinator again = here.attachSwarm("w", created.key()).block(SOON);
    work(again);
    assertThat(again.ownership().incarnation()).isGreaterThan(attached.ownership().incarnation());
    assertThat(result(there, "t1")).isEqualTo("done by w");
  }

  /** In the file the node holds the swarm, which it has let go since, and nobody beats for it. */
  @Test
  @RedisTest(settings = {"appendonly no"})
  void olderFile_withASwarmThatItsNodeLetGo_bringsItBackInterrupted(OwnedRedis redis) {
    start(redis);
    SwarmCoordinator held = create(here);
    redis.cli("SAVE");
    held.deregister(null).block(SOON);

    redis.kill();
    redis.start();
    await(
        "the interruption",
        SOON,
        () ->
            there
                .getSwarm("w")
                .onErrorResume(away -> Mono.empty())
                .blockOptional(SOON)
                .filter(swarm -> swarm.status() == SwarmStatus.INTERRUPTED)
                .isPresent());
  }

  /** The file is of a time when the swarm had been granted less. */
  @Test
  @RedisTest(settings = {"appendonly no"})
  void olderFile_withoutAGrant_doesNotLeaveWhoWaitsWithoutTasks(OwnedRedis redis) {
    start(redis);
    SwarmCoordinator held = create(here);
    redis.cli("SAVE");
    work(held);
    await("the grant", SOON, () -> grants(redis).equals(List.of("w")));

    redis.kill();
    redis.start();
    assertThat(result(there, "t1")).isEqualTo("done by w");
  }

  private static List<String> grants(OwnedRedis redis) {
    return redis.list("HKEYS", "{" + redis.fleet() + "}:swarm:sys:credit");
  }

  private static SwarmCoordinator create(MultiSwarmCoordination node) {
    return node.createSwarm(NewSwarm.of("work").withId("w")).block(SOON).coordinator();
  }

  private static void work(SwarmCoordinator swarm) {
    swarm
        .work(1, task -> Mono.just(Json.of("done by " + swarm.swarmId())))
        .subscribe(done -> {}, lost -> {});
  }

  /**
   * Submitted again and again, as after an outage one must: an answer may be lost with the data.
   */
  private static String result(MultiSwarmCoordination node, String taskId) {
    Task ended =
        node.tasks()
            .submit(null, NewTask.builder("any").id(taskId).build())
            .then(Mono.defer(() -> node.tasks().await(taskId, null)))
            .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(200)))
            .block(SOON);
    assertThat(ended.status()).isEqualTo(TaskStatus.COMPLETED);
    return ended.result().text();
  }
}
