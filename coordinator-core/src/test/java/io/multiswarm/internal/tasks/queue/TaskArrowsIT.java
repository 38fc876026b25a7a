package io.multiswarm.internal.tasks.queue;

import static io.multiswarm.tasks.TaskNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Labels;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.tasks.distribution.Assigner;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Item;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import io.multiswarm.internal.tasks.distribution.LargeAssignments;
import io.multiswarm.internal.tasks.distribution.Waits;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.internal.tasks.worker.Reports;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskNode;
import io.multiswarm.tasks.TaskQueue.Submission;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.tasks.TaskWorkers;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Every arrow in every state: what it answers, in which state the task is then, and that an arrow
 * that was refused or repeated changed nothing at all. No node runs, so nothing else moves tasks.
 */
@RedisTest
public class TaskArrowsIT {

  private static final Ownership A = new Ownership("a", 1);
  private static final Leader LEADER = new Leader("a", 7, Duration.ofDays(1));
  private static final String ID = "t";
  private static final String PRINCIPAL = "team a";

  private final Scheduler scheduler = Schedulers.newSingle("arrows", true);
  private TestRedis redis;
  private RedisLink link;
  private NodeContext context;
  private TaskKeys keys;
  private TaskReader reader;
  private TaskSubmitter submitter;
  private Reports reports;
  private RedisTaskQueue queue;

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    link = RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
    link.connected().block(TaskNode.PATIENCE);
    CoordinationOptions options = CoordinationOptions.defaults().withFleet(redis.fleet());
    context = NodeContext.of("n", link, options, scheduler);
    Keys names = context.keys();
    keys = new TaskKeys(names);
    reader = new TaskReader(context, keys);
    TaskStrategies strategies = new TaskStrategies();
    EndedTasks ended = new EndedTasks(context, keys);
    submitter = new TaskSubmitter(context, keys, reader, ended, strategies);
    reports = new Reports(context, keys, ended);
    queue =
        new RedisTaskQueue(
            context,
            keys,
            reader,
            new RedisTaskQueue.Following(
                new CompletionWaiters(reader, scheduler), new Watchers(), ended),
            strategies,
            any -> Mono.empty());
    redis.cli("HSET", names.roster(), "a", "1:n", "b", "1:n");
    redis.cli("HSET", names.credit(), "a", "1:1000:0", "b", "1:1000:0");
    redis.cli("HSET", names.upkeep(), "token", Long.toString(LEADER.epoch()));
    redis.cli("HSET", names.leadership(), "epoch", "7", "swarmId", "a");
    redis.cli("SET", names.leader(), "a");
  }

  @AfterEach
  void end() {
    link.close().block(TaskNode.PATIENCE);
    scheduler.dispose();
  }

  /** The arrows, each with what it answers as text. */
  private Map<String, Mono<?>> arrows() {
    Map<String, Mono<?>> arrows = new LinkedHashMap<>();
    arrows.put("submit", submit(Duration.ZERO).map(accepted -> accepted.status().word()));
    arrows.put("submit for later", submit(Duration.ofHours(1)));
    arrows.put("assign", assign("b").map(outcome -> "OK"));
    arrows.put("assign to a", assign("a"));
    arrows.put("complete", reports.complete(A, ID, 1, Json.of("r")).thenReturn("OK"));
    arrows.put("complete by b", reports.complete(new Ownership("b", 1), ID, 1, null));
    arrows.put("complete 2", reports.complete(A, ID, 2, null));
    arrows.put("complete fenced", reports.complete(new Ownership("a", 9), ID, 1, null));
    arrows.put("fail", fail(true).map(TaskStatus::word));
    arrows.put("fail finally", fail(false).map(TaskStatus::word));
    arrows.put("release", reports.release(A, ID, 1).map(TaskStatus::word));
    arrows.put("extend", reports.extend(A, ID, 1, null).map(lease -> "OK"));
    arrows.put("cancel", queue.cancel(ID, "why"));
    arrows.put("retry", queue.retry(ID).map(TaskStatus::word));
    arrows.put("expire", expire());
    arrows.put("due", due());
    return arrows;
  }

  private Mono<Submission> submit(Duration delay) {
    return submitter.submit(
        null,
        NewTask.builder("x").id(ID).lease(Duration.ofHours(1)).delay(delay).build().by(PRINCIPAL));
  }

  private Mono<Assigner.Outcome> assign(String swarm) {
    Item item = new Item(swarm, place(), TaskStrategies.LEAST_LOADED);
    return new Assigner(context, keys, new LargeAssignments(context, keys), new Waits())
        .assign(LEADER, new Plan(List.of(item), Map.of("ring", swarm), false));
  }

  /** As the leader knows it, whatever has become of the task since. */
  private String place() {
    String record = redis.text("HGET", keys.tasks(), ID);
    return record == null ? "1::|0000000000000001|" + ID : TaskRecord.parse(ID, record).place();
  }

  private Mono<TaskStatus> fail(boolean retry) {
    return reports.fail(A, ID, 1, new Failure(Json.of("e"), retry, Duration.ofHours(1)));
  }

  /** The sweep of leases, none of which is over. */
  private Mono<String> expire() {
    return link.run(
            context
                .appending(Script.TASK_EXPIRE)
                .keys(keys.common())
                .key(context.keys().upkeep())
                .arg(LEADER.epoch())
                .arg(Duration.ofDays(7))
                .arg(keys.nodeSignalPrefix())
                .arg(100))
        .map(reply -> reply.status());
  }

  private Mono<String> due() {
    return link.run(
            ScriptCall.of(Script.TASK_DUE)
                .keys(keys.common())
                .key(context.keys().upkeep())
                .arg(LEADER.epoch())
                .arg(100))
        .map(reply -> reply.isOk() ? "OK " + reply.number(1) : reply.status());
  }

  /** The arrows by which each state is reached. */
  private static final Map<String, List<String>> STATES =
      new TreeMap<>(
          Map.of(
              "none", List.of(),
              "pending", List.of("submit"),
              "delayed", List.of("submit for later"),
              "assigned", List.of("submit", "assign to a"),
              "completed", List.of("submit", "assign to a", "complete"),
              "failed", List.of("submit", "assign to a", "fail"),
              "released", List.of("submit", "assign to a", "release"),
              "dead", List.of("submit", "assign to a", "fail finally"),
              "cancelled", List.of("submit", "cancel")));

  private void bring(String state) {
    STATES.getOrDefault(state, List.of()).forEach(this::answer);
  }

  private void clear() {
    keys.common().stream()
        .filter(key -> key.contains("task") || key.endsWith("load"))
        .forEach(key -> redis.cli("DEL", key));
    redis.cli("DEL", keys.index(), keys.cursors());
    redis.cli("HSET", context.keys().credit(), "a", "1:1000:0", "b", "1:1000:0");
  }

  /** Everything about tasks; cursors apart, which a leader may write without assigning. */
  private Map<String, Object> everything() {
    Map<String, Object> all = new TreeMap<>();
    for (String key : keys.common()) {
      String type = redis.text("TYPE", key);
      switch (type == null ? "" : type) {
        case "hash" -> all.put(key, new TreeSet<>(pairs(redis.list("HGETALL", key))));
        case "zset" -> all.put(key, redis.list("ZRANGE", key, "0", "-1", "WITHSCORES"));
        case "list" -> all.put(key, redis.list("LRANGE", key, "0", "-1"));
        case "stream" -> all.put(key, redis.number("XLEN", key));
        default -> {}
      }
    }
    all.put("index", redis.list("ZRANGE", keys.index(), "0", "-1"));
    all.put("credit", new TreeSet<>(pairs(redis.list("HGETALL", context.keys().credit()))));
    return all;
  }

  private static List<String> pairs(List<String> flat) {
    return IntStream.range(0, flat.size() / 2)
        .mapToObj(i -> flat.get(2 * i) + '=' + flat.get(2 * i + 1))
        .toList();
  }

  private String answer(String arrow) {
    return arrows()
        .getOrDefault(arrow, Mono.error(new AssertionError("no arrow " + arrow)))
        .map(Object::toString)
        .defaultIfEmpty("OK")
        .onErrorResume(CoordinationException.class, refusal -> Mono.just(refusal.code().name()))
        .block(TaskNode.PATIENCE);
  }

  private String state() {
    String record = redis.text("HGET", keys.tasks(), ID);
    return record == null ? "none" : record.substring(0, record.indexOf(':'));
  }

  /** Answer and following state; {@code =} when nothing at all has changed. */
  private String outcome(String state, String arrow) {
    clear();
    bring(state);
    Map<String, Object> before = everything();
    String answer = answer(arrow);
    assertThat(redis.text("HGET", context.keys().sys("task-waiting"), Labels.of(PRINCIPAL)))
        .as("pending tasks of the principal: %s, %s, %s", state, arrow, state())
        .isEqualTo(List.of("pending", "delayed").contains(state()) ? "1" : null);
    return answer + (everything().equals(before) ? " =" : " " + state());
  }

  private void check(String arrow, String... expected) {
    Map<String, String> seen = new TreeMap<>();
    STATES.keySet().forEach(state -> seen.put(state, outcome(state, arrow)));
    Map<String, String> wanted = new TreeMap<>();
    List<String> states = List.copyOf(STATES.keySet());
    for (int i = 0; i < states.size(); i++) {
      wanted.put(states.get(i), expected[i]);
    }
    assertThat(seen).as(arrow).isEqualTo(wanted);
  }

  /** Columns: assigned, cancelled, completed, dead, delayed, failed, none, pending, released. */
  @Test
  void arrows_inEachState_answerAndChangeAsTold() {
    String fenced = "FENCED =";
    String unknown = "NOT_FOUND =";
    check(
        "submit",
        "assigned =",
        "cancelled =",
        "completed =",
        "dead =",
        "pending =",
        "pending =",
        "pending pending",
        "pending =",
        "pending =");
    check(
        "assign",
        "OK =",
        "OK =",
        "OK =",
        "OK =",
        "OK =",
        "OK =",
        "OK =",
        "OK assigned",
        "OK assigned");
    // What comes after the attempt's end changes nothing but that it is kept.
    check(
        "complete",
        "OK completed",
        fenced,
        "OK =",
        "FENCED dead",
        fenced,
        "FENCED delayed",
        unknown,
        fenced,
        "FENCED pending");
    for (String other : List.of("complete by b", "complete 2", "complete fenced")) {
      boolean again = other.equals("complete fenced");
      check(
          other,
          fenced,
          fenced,
          again ? "OK =" : fenced,
          fenced,
          fenced,
          fenced,
          unknown,
          fenced,
          fenced);
    }
    check(
        "fail",
        "pending delayed",
        fenced,
        fenced,
        "dead =",
        fenced,
        "pending =",
        unknown,
        fenced,
        fenced);
    check(
        "fail finally",
        "dead dead",
        fenced,
        fenced,
        "dead =",
        fenced,
        "pending =",
        unknown,
        fenced,
        fenced);
    check(
        "release",
        "pending pending",
        fenced,
        fenced,
        fenced,
        fenced,
        fenced,
        unknown,
        fenced,
        "pending =");
    check("extend", "OK assigned", fenced, fenced, fenced, fenced, fenced, unknown, fenced, fenced);
    check(
        "cancel",
        "true cancelled",
        "true =",
        "false =",
        "false =",
        "true cancelled",
        "true cancelled",
        unknown,
        "true cancelled",
        "true cancelled");
    String alive = "FAILED_PRECONDITION =";
    check("retry", alive, alive, alive, "pending pending", alive, alive, unknown, alive, alive);
    for (String sweep : List.of("expire", "due")) {
      String nothing = sweep.equals("due") ? "OK 0 =" : "OK =";
      check(sweep, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing);
    }
  }

  @Test
  void assignment_byALeaderOfThePast_isFencedAndChangesNothing() {
    bring("pending");
    redis.cli("HSET", context.keys().leadership(), "epoch", "8");
    redis.cli("HSET", context.keys().upkeep(), "token", "8");
    Map<String, Object> before = everything();
    assertThat(answer("assign")).isEqualTo("FENCED");
    assertThat(answer("due")).isEqualTo("FENCED");
    assertThat(answer("expire")).isEqualTo("FENCED");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void assignment_beyondCreditOrToAnAbsentSwarm_isRejectedAndChangesNothing() {
    bring("pending");
    redis.cli("HSET", context.keys().credit(), "b", "1:5:5");
    assertThat(done(assign("b")).rejected()).hasSize(1);
    redis.cli("HSET", context.keys().credit(), "b", "1:1000:5");
    redis.cli("HSET", context.keys().roster(), "b", "1:");
    Map<String, Object> before = everything();
    assertThat(done(assign("b")).rejected()).hasSize(1);
    assertThat(done(assign("nobody")).rejected()).hasSize(1);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void failures_withoutADelay_areDueTwiceAsLateEachTime() {
    bring("assigned");
    Failure failure = Failure.of(Json.of("e"));
    for (int attempt = 1; attempt < NewTask.DEFAULT_MAX_ATTEMPTS; attempt++) {
      long before = redis.millis();
      assertThat(done(reports.fail(A, ID, attempt, failure))).isEqualTo(TaskStatus.PENDING);
      assertThat(done(reports.fail(A, ID, attempt, failure))).isEqualTo(TaskStatus.PENDING);
      long delay = 500L << attempt - 1;
      assertThat(Long.parseLong(redis.text("ZSCORE", delayed(), place())))
          .isBetween(before + delay, redis.millis() + delay);
      redis.cli("ZADD", delayed(), "1", place());
      assertThat(answer("due")).isEqualTo("OK 1");
      answer("assign to a");
    }
  }

  private String delayed() {
    return context.keys().sys("task-delayed");
  }

  @Test
  void grantOfAnAdministrator_repeatedByTheLink_addsOnce() {
    String memo = keys.grantMemo("g1");
    for (int i = 0; i < 2; i++) {
      var reply =
          done(
              link.run(
                  ScriptCall.of(Script.TASK_REQUEST)
                      .key(context.keys().roster())
                      .key(context.keys().credit())
                      .key(context.keys().signals())
                      .key(memo)
                      .arg(TaskWorkers.MAX_CREDIT)
                      .arg("a")
                      .arg(0)
                      .arg(5)));
      assertThat(reply.status()).isEqualTo("OK");
      assertThat(reply.number(1)).isEqualTo(1005);
    }
    assertThat(redis.text("HGET", context.keys().credit(), "a")).isEqualTo("1:1005:0");
  }
}
