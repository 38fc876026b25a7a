package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checkers of a run of tasks, on histories of a model of the store at random: whole, and broken
 * in the ways in which such stores are broken.
 */
class TaskModelTest {

  private final TaskLedger tasks = new TaskLedger();
  private final LeadershipLedger leaderships = new LeadershipLedger();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void model_whole_isClean(int seed) {
    new Model(Mutant.NONE, seed).run();

    assertThat(tasks.examples()).isEmpty();
    assertThat(tasks.verdict().isClean()).isTrue();
    assertThat(leaderships.verdict().isClean()).isTrue();
    assertThat(tasks.verdict().counts().completed()).isGreaterThan(1_000);
    assertThat(tasks.verdict().counts().assigned())
        .as("some more than once")
        .isGreaterThan(tasks.verdict().counts().completed() + 100);
    assertThat(leaderships.verdict().leaderships()).isGreaterThan(50);
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = Mode.EXCLUDE, names = "NONE")
  void model_broken_isConvicted(Mutant mutant) {
    new Model(mutant, 1).run();

    assertThat(tasks.verdict().isClean() && leaderships.verdict().isClean()).isFalse();
    assertThat(tasks.examples().size() + leaderships.examples().size() + tasks.verdict().lost())
        .isPositive();
  }

  @Test
  void model_thatPops_losesTasks() {
    new Model(Mutant.POPS_INSTEAD_OF_MOVING, 1).run();

    assertThat(tasks.verdict().lost()).isPositive();
  }

  @Test
  void model_withoutTheAttempt_acceptsOutdatedOnes() {
    new Model(Mutant.COMPLETES_ANY_ATTEMPT, 1).run();

    assertThat(tasks.verdict().wrong().stale()).isPositive();
  }

  @Test
  void model_thatCompletesAgain_completesTwice() {
    new Model(Mutant.COMPLETES_WHAT_HAS_ENDED, 1).run();

    assertThat(tasks.verdict().wrong().twice()).isPositive();
  }

  @Test
  void model_thatNeverReclaims_losesTasks() {
    new Model(Mutant.NEVER_RECLAIMS, 1).run();

    assertThat(tasks.verdict().lost()).isPositive();
  }

  @Test
  void model_withoutTheFence_acceptsStaleWrites() {
    new Model(Mutant.ASSIGNS_WITHOUT_FENCE, 1).run();

    assertThat(leaderships.verdict().staleWrites()).isPositive();
  }

  @Test
  void model_thatForgetsCredit_exceedsIt() {
    new Model(Mutant.IGNORES_CREDIT, 1).run();

    assertThat(tasks.verdict().withoutCredit()).isPositive();
  }

  /** What is wrong with a model. */
  private enum Mutant {
    NONE,
    /** A task leaves the queue before it is written down who has it. */
    POPS_INSTEAD_OF_MOVING,
    COMPLETES_ANY_ATTEMPT,
    COMPLETES_WHAT_HAS_ENDED,
    /** Tasks of the dead stay theirs. */
    NEVER_RECLAIMS,
    ASSIGNS_WITHOUT_FENCE,
    IGNORES_CREDIT,
    ATTEMPTS_BEGIN_ANEW
  }

  /**
   * A store, leaders that write on when another one leads, and workers that die, come back and
   * report late: as stubborn as can be, so only the store's checks keep the promises.
   */
  private final class Model {

    private static final int STEPS = 20_000;
    private static final int NODES = 3;
    private static final int CREDIT = 4;
    private static final String[] SWARMS = {"a", "b", "c", "d", "e"};

    private final Mutant mutant;
    private final Random random;
    private final List<Task> submitted = new ArrayList<>();
    private final Deque<Task> pending = new ArrayDeque<>();
    private final Map<String, Integer> credit = new HashMap<>();
    private final List<Report> toReport = new ArrayList<>();
    private final long[] believed = new long[NODES];
    private long epoch;

    private static final class Task {
      final long number;
      String status = "pending";
      String swarm = "";
      long attempt;

      Task(long number) {
        this.number = number;
      }
    }

    /** What a worker will say of an attempt, sooner or later. */
    private record Report(String swarm, Task task, long attempt) {}

    Model(Mutant mutant, int seed) {
      this.mutant = mutant;
      this.random = new Random(seed);
    }

    void run() {
      lead(0);
      for (String swarm : SWARMS) {
        ask(swarm);
      }
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(100)) {
          case 0 -> lead(random.nextInt(NODES));
          case 1 -> die(anySwarm());
          case 2 -> expire();
          default -> work();
        }
      }
      finish();
    }

    private void work() {
      switch (random.nextInt(6)) {
        case 0 -> submit();
        case 1 -> report();
        default -> assign(random.nextInt(NODES));
      }
    }

    private String anySwarm() {
      return SWARMS[random.nextInt(SWARMS.length)];
    }

    private void lead(int node) {
      epoch++;
      believed[node] = epoch;
      leaderships.began(epoch, "n" + node);
    }

    private void submit() {
      Task task = new Task(submitted.size());
      submitted.add(task);
      pending.add(task);
      tasks.accepted(task.number);
    }

    private void ask(String swarm) {
      int missing = CREDIT - credit.getOrDefault(swarm, 0);
      if (missing > 0) {
        tasks.requested(swarm, missing);
        credit.put(swarm, CREDIT);
      }
    }

    private void assign(int node) {
      boolean leads = believed[node] == epoch || mutant == Mutant.ASSIGNS_WITHOUT_FENCE;
      String swarm = anySwarm();
      boolean ready = credit.getOrDefault(swarm, 0) > 0 || mutant == Mutant.IGNORES_CREDIT;
      if (believed[node] == 0 || !leads || !ready || pending.isEmpty()) {
        return;
      }
      Task task = pending.remove();
      if (mutant == Mutant.POPS_INSTEAD_OF_MOVING && random.nextInt(50) == 0) {
        return; // the node died between the two steps
      }
      credit.merge(swarm, -1, Integer::sum);
      task.status = "assigned";
      task.swarm = swarm;
      task.attempt++;
      leaderships.wrote(believed[node], "n" + node);
      tasks.assigned(swarm, task.number, task.attempt);
      toReport.add(new Report(swarm, task, task.attempt));
    }

    private void report() {
      if (!toReport.isEmpty()) {
        Report report = toReport.remove(random.nextInt(toReport.size()));
        complete(report.swarm(), report.task(), report.attempt());
        ask(report.swarm());
      }
    }

    private void complete(String swarm, Task task, long attempt) {
      boolean current =
          mutant == Mutant.COMPLETES_ANY_ATTEMPT
              || task.attempt == attempt && task.swarm.equals(swarm);
      boolean open =
          task.status.equals("assigned")
              || mutant == Mutant.COMPLETES_WHAT_HAS_ENDED && task.status.equals("completed");
      if (mutant == Mutant.COMPLETES_WHAT_HAS_ENDED ? open : open && current) {
        task.status = "completed";
        tasks.completed(swarm, task.number, attempt);
      }
    }

    /** Half of the dead have a memory, as one that was only cut off has, and report late. */
    private void die(String swarm) {
      if (random.nextBoolean()) {
        toReport.removeIf(report -> report.swarm().equals(swarm));
      }
      if (mutant != Mutant.NEVER_RECLAIMS) {
        submitted.stream().filter(task -> isHeldBy(swarm, task)).forEach(this::giveBack);
      }
      tasks.attached(swarm);
      credit.remove(swarm);
      ask(swarm);
    }

    private boolean isHeldBy(String swarm, Task task) {
      return task.status.equals("assigned") && task.swarm.equals(swarm);
    }

    private void giveBack(Task task) {
      task.status = "pending";
      task.swarm = "";
      if (mutant == Mutant.ATTEMPTS_BEGIN_ANEW) {
        task.attempt = 0;
      }
      pending.add(task);
    }

    private void expire() {
      if (mutant != Mutant.NEVER_RECLAIMS) {
        submitted.stream()
            .filter(task -> task.status.equals("assigned"))
            .skip(random.nextInt(10))
            .findFirst()
            .ifPresent(this::giveBack);
      }
    }

    /** Everybody lives and one leads, until nothing changes any more. */
    private void finish() {
      lead(0);
      while (!toReport.isEmpty() || !pending.isEmpty()) {
        report();
        for (String swarm : SWARMS) {
          ask(swarm);
        }
        assign(0);
      }
    }
  }
}
