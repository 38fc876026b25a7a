package io.multiswarm.resources;

import static io.multiswarm.resources.ResourceNode.PATIENCE;
import static io.multiswarm.resources.ResourceNode.UPKEEP;
import static io.multiswarm.resources.ResourceNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.resources.SweepDuty;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random calls, deaths and restarts, judged step by step against a page of plain Java; {@code
 * -Dresources.steps=10000} makes more steps.
 */
@RedisTest
class ResourcesModelIT {

  private static final int STEPS = Integer.getInteger("resources.steps", 2_000);
  private static final List<String> TYPES = List.of("cpu", "gpu", "memory");
  private static final Duration LONG = Duration.ofMinutes(30);
  private static final ResourceOptions AT_ONCE =
      new ResourceOptions(
          Duration.ofSeconds(60), Duration.ZERO, LONG, Duration.ofHours(1), Duration.ofHours(1));

  /** A release that was done, and may be repeated for as long as its swarm lives. */
  private record Released(ReleaseRequest request, Grant answer) {}

  private record Waiter(
      Ownership owner, Map<String, Long> amounts, CompletableFuture<Grant> outcome) {}

  private final Map<String, Long> totals = new TreeMap<>();
  private final Map<String, Map<String, Long>> held = new TreeMap<>();
  private final Map<String, Ownership> owners = new HashMap<>();
  private final List<Waiter> line = new ArrayList<>();
  private final Map<String, Released> released = new HashMap<>();
  private TestRedis redis;
  private ResourceNode node;
  private Random random;

  @BeforeEach
  void open(TestRedis redis) {
    this.redis = redis;
    this.node = ResourceNode.started(redis);
    node.lead();
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  @ParameterizedTest
  @ValueSource(longs = {1, 20261122})
  void resources_atRandom_addUpAndFollowTheModel(long seed) {
    random = new Random(seed);
    TYPES.forEach(type -> define(type, 20));
    for (int i = 0; i < 8; i++) {
      owners.put("s" + i, node.attach("s" + i, 1));
    }
    for (int step = 0; step < STEPS; step++) {
      String what = step();
      serve();
      if (step % 10 == 0) {
        compare("seed " + seed + ", step " + step + ": " + what);
      }
    }
    assertThat(done(node.resources.statistics()).waited())
        .as("some waited")
        .isGreaterThan(STEPS / 100);
  }

  private String step() {
    int dice = random.nextInt(100);
    Ownership owner = owners.get("s" + random.nextInt(owners.size()));
    if (dice < 40) {
      return allocate(owner);
    } else if (dice < 50) {
      return await(owner);
    } else if (dice < 90) {
      return release(owner);
    } else if (dice < 94) {
      return die(owner);
    } else if (dice < 96) {
      return restart();
    }
    return define(type(), random.nextInt(30));
  }

  private String allocate(Ownership owner) {
    Map<String, Long> amounts = amounts();
    boolean fits =
        amounts.entrySet().stream().allMatch(e -> e.getValue() <= available(e.getKey()))
            && line.stream().noneMatch(w -> overlaps(w.amounts.keySet(), amounts.keySet()));
    String request = Ids.unique("r");
    for (int repetition = random.nextInt(2); repetition >= 0; repetition--) {
      AllocationRequest again = AllocationRequest.of(amounts).withRequestId(request);
      assertThat(succeeds(() -> done(node.resources.allocate(owner, again)))).isEqualTo(fits);
    }
    if (fits) {
      give(owner.swarmId(), amounts);
    }
    return owner.swarmId() + " allocates " + amounts;
  }

  private String await(Ownership owner) {
    Map<String, Long> amounts = amounts();
    boolean possible =
        amounts.entrySet().stream().allMatch(e -> e.getValue() <= totals.get(e.getKey()));
    if (line.size() < 5 && possible) {
      CompletableFuture<Grant> outcome =
          node.resources.allocate(owner, AllocationRequest.of(amounts).waiting(LONG)).toFuture();
      line.add(new Waiter(owner, amounts, outcome));
      // A call of the same connection, so that the place is taken when it is answered.
      done(node.resources.list(ResourceQuery.ALL));
    }
    return owner.swarmId() + " waits for " + amounts;
  }

  private String release(Ownership owner) {
    Released earlier = released.get(owner.swarmId());
    if (earlier != null && random.nextInt(4) == 0) {
      assertThat(done(node.resources.release(owner, earlier.request))).isEqualTo(earlier.answer);
      return owner.swarmId() + " repeats " + earlier.request;
    }
    String type = type();
    long has = held.getOrDefault(owner.swarmId(), Map.of()).getOrDefault(type, 0L);
    boolean all = random.nextBoolean();
    ReleaseRequest request =
        all ? ReleaseRequest.ofAll(type) : ReleaseRequest.of(type, 1 + random.nextInt(12));
    boolean may = all || request.amount() <= has;
    assertThat(succeeds(() -> release(owner, request))).as(request::toString).isEqualTo(may);
    if (may) {
      long back = released.get(owner.swarmId()).answer.amount(type);
      assertThat(back).isEqualTo(all ? has : request.amount());
      give(owner.swarmId(), Map.of(type, -back));
    }
    return owner.swarmId() + " does " + request;
  }

  private void release(Ownership owner, ReleaseRequest request) {
    released.put(
        owner.swarmId(), new Released(request, done(node.resources.release(owner, request))));
  }

  /** Its session is gone for good, the leader finds out, and it comes back. */
  private String die(Ownership owner) {
    String swarm = owner.swarmId();
    if (random.nextBoolean()) {
      node.lose(swarm, owner.incarnation() + 1);
    } else {
      node.forget(swarm);
    }
    new SweepDuty(node.context, AT_ONCE).run(UPKEEP).block(PATIENCE);
    held.remove(swarm);
    released.remove(swarm);
    serveAfterLosing(swarm);
    owners.put(swarm, node.attach(swarm, owner.incarnation() + 2));
    return swarm + " dies";
  }

  private void serveAfterLosing(String swarm) {
    line.stream()
        .filter(waiter -> waiter.owner.swarmId().equals(swarm))
        .forEach(
            waiter ->
                assertThat(waiter.outcome)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(CoordinationException.class));
    line.removeIf(waiter -> waiter.owner.swarmId().equals(swarm));
  }

  /** The node ends and another begins: those who waited there are detached and attached again. */
  private String restart() {
    node.close();
    node = ResourceNode.started(redis);
    line.clear();
    owners.replaceAll((swarm, owner) -> node.attach(swarm, owner.incarnation() + 1));
    new SweepDuty(node.context, AT_ONCE).run(UPKEEP).block(PATIENCE);
    return "restart";
  }

  private String define(String type, long total) {
    long inUse = totals.getOrDefault(type, 0L) - (totals.containsKey(type) ? available(type) : 0);
    boolean may = total >= inUse;
    boolean waitedFor =
        line.stream().anyMatch(waiter -> waiter.amounts.getOrDefault(type, 0L) > total);
    if (waitedFor) {
      return "nothing";
    }
    assertThat(succeeds(() -> node.define(type, total))).isEqualTo(may);
    if (may) {
      totals.put(type, total);
    }
    return "define " + type + " " + total;
  }

  private void serve() {
    Set<String> blocked = new HashSet<>();
    for (Iterator<Waiter> waiters = line.iterator(); waiters.hasNext(); ) {
      Waiter waiter = waiters.next();
      boolean fits =
          waiter.amounts.entrySet().stream()
              .allMatch(
                  e -> !blocked.contains(e.getKey()) && e.getValue() <= available(e.getKey()));
      if (fits) {
        assertThat(waiter.outcome).succeedsWithin(PATIENCE);
        give(waiter.owner.swarmId(), waiter.amounts);
        waiters.remove();
      } else {
        blocked.addAll(waiter.amounts.keySet());
      }
    }
    assertThat(line).allMatch(waiter -> !waiter.outcome.isDone());
  }

  private void compare(String what) {
    List<Pool> pools = done(node.resources.list(ResourceQuery.ALL));
    Map<String, Map<String, Long>> seen = new TreeMap<>();
    for (Pool pool : pools) {
      long sum = pool.allocations().stream().mapToLong(Pool.Allocation::amount).sum();
      assertThat(pool.available()).as(what).isNotNegative();
      assertThat(sum + pool.available()).as(what).isEqualTo(pool.total());
      assertThat(pool.total()).as(what).isEqualTo(totals.get(pool.type()));
      pool.allocations()
          .forEach(
              one ->
                  seen.computeIfAbsent(one.swarmId(), any -> new TreeMap<>())
                      .put(pool.type(), one.amount()));
    }
    assertThat(seen).as(what).isEqualTo(held);
  }

  private void give(String swarm, Map<String, Long> amounts) {
    Map<String, Long> holding = held.computeIfAbsent(swarm, any -> new TreeMap<>());
    amounts.forEach((type, amount) -> holding.merge(type, amount, Long::sum));
    holding.values().removeIf(amount -> amount == 0);
    if (holding.isEmpty()) {
      held.remove(swarm);
    }
  }

  private long available(String type) {
    return totals.get(type)
        - held.values().stream().mapToLong(holding -> holding.getOrDefault(type, 0L)).sum();
  }

  private Map<String, Long> amounts() {
    Map<String, Long> amounts = new TreeMap<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      amounts.put(type(), 1L + random.nextInt(12));
    }
    return amounts;
  }

  private String type() {
    return TYPES.get(random.nextInt(TYPES.size()));
  }

  private static boolean overlaps(Set<String> some, Set<String> others) {
    return some.stream().anyMatch(others::contains);
  }

  private static boolean succeeds(Runnable call) {
    try {
      call.run();
      return true;
    } catch (CoordinationException refused) {
      return false;
    }
  }
}
