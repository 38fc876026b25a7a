package io.multiswarm.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.internal.state.RecoverySources;
import io.multiswarm.recovery.RecoveryPlan;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import io.multiswarm.recovery.RecoveryPlan.Verification;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmMetadata;
import io.multiswarm.registry.SwarmMode;
import io.multiswarm.registry.SwarmStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryPlannerTest {

  private static final Instant NOW = Instant.EPOCH;
  private static final ResourceFacts RESOURCES = new ResourceFacts(Map.of("cpu", 2L), Map.of());

  private static RecoveryPlan plan(String state, TaskFacts ledger) {
    return plan(swarm("{}", "[]", false), state, ledger);
  }

  private static RecoveryPlan plan(Swarm swarm, String state, TaskFacts ledger) {
    RecoverySources.Source source =
        new RecoverySources.Source(
            RecoverySources.Kind.CHECKPOINT,
            "c1",
            Json.parse(state),
            7,
            NOW,
            Duration.ofSeconds(5),
            "ab12");
    return new RecoveryPlanner(swarm, source, List.of("state"), ledger).plan(RESOURCES);
  }

  private static Swarm swarm(String metadata, String agents, boolean attached) {
    return new Swarm(
        "s1",
        "work",
        "development",
        SwarmMode.MESH,
        5,
        SwarmStatus.INTERRUPTED,
        NOW,
        NOW,
        NOW,
        Json.parse(agents),
        SwarmMetadata.of(Json.parse(metadata)),
        new Swarm.Metrics(0, 0, 0, 0),
        0,
        3,
        attached,
        false);
  }

  private static TaskFacts ledger(
      List<String> completed,
      List<String> inProgress,
      List<String> requeued,
      @Nullable Duration mean) {
    return new TaskFacts(completed, inProgress, requeued, List.of(), mean);
  }

  @Test
  void plan_ofAnEmptyState_namesTheSourceAndWhatWasVerified() {
    RecoveryPlan plan = plan("{}", TaskFacts.NONE);
    assertThat(plan.resumeFrom()).isEqualTo("checkpoint version 7");
    assertThat(plan.progress()).isZero();
    assertThat(plan.estimatedTime()).isNull();
    assertThat(plan.confidence()).isEqualTo(0.7);
    assertThat(plan.nextActions())
        .containsExactly(
            "Attach swarm s1 with its key", "Load the state and go on from checkpoint version 7");
    assertThat(plan.verified())
        .isEqualTo(
            new Verification(
                "checkpoint", 7, Duration.ofSeconds(5), "ab12", List.of("state"), 0, RESOURCES));
  }

  @Test
  void nextActions_whenResourcesWereReturned_nameThem() {
    RecoverySources.Source source =
        new RecoverySources.Source(
            RecoverySources.Kind.STATE,
            null,
            Json.EMPTY_OBJECT,
            7,
            NOW,
            Duration.ofSeconds(5),
            "ab12");
    RecoveryPlan plan =
        new RecoveryPlanner(swarm("{}", "[]", true), source, List.of(), TaskFacts.NONE)
            .plan(new ResourceFacts(Map.of(), Map.of("gpu", 1L, "cpu", 20L)));
    assertThat(plan.nextActions()).startsWith("Allocate again what was returned: 20 cpu, 1 gpu");
  }

  @Test
  void resumeFrom_whenTheStateNamesAPhase_isThatElseTheSwarms() {
    Swarm testing = swarm("{\"phase\":\"testing\"}", "[]", true);
    assertThat(plan(testing, "{\"phase\":\"build\"}", TaskFacts.NONE).resumeFrom())
        .isEqualTo("build");
    assertThat(plan(testing, "{\"currentPhase\":\"ship\"}", TaskFacts.NONE).resumeFrom())
        .isEqualTo("ship");
    assertThat(plan(testing, "{\"phase\":7}", TaskFacts.NONE).resumeFrom()).isEqualTo("testing");
  }

  @Test
  void tasks_whereStateAndLedgerDiffer_areWhereTheLedgerSays() {
    String state =
        """
        {"tasks":[
          {"id":"done","description":"d","status":"in_progress"},
          {"id":"taken","description":"d","status":"running"},
          {"id":"mine","description":"d","status":"completed"},
          {"id":"later","description":"d"}]}
        """;
    RecoveryPlan plan =
        plan(
            state,
            ledger(List.of("done"), List.of("going"), List.of("taken"), Duration.ofSeconds(10)));
    assertThat(plan.completedTasks()).containsExactly("done", "mine");
    assertThat(plan.inProgressTasks()).containsExactly("going");
    assertThat(plan.pendingTasks()).containsExactly("taken", "later");
    assertThat(plan.progress()).isEqualTo(0.4);
    assertThat(plan.estimatedTime()).isEqualTo(Duration.ofSeconds(30));
    assertThat(plan.verified().tasksRequeued()).isEqualTo(1);
    assertThat(plan.nextActions())
        .contains("Go on with going", "Ask for tasks; these wait: taken, later");
  }

  @Test
  void tasks_thatTheStateTakesForDone_areWhereTheLedgerSays() {
    String state =
        """
        {"tasks":[
          {"id":"taken back","status":"completed"},
          {"id":"not reported","status":"completed"},
          {"id":"another's","status":"in_progress"},
          {"id":"cancelled"},
          {"id":"own","status":"in_progress"},
          {"id":"own","status":"completed"}]}
        """;
    RecoveryPlan plan =
        plan(
            state,
            new TaskFacts(
                List.of(),
                List.of("not reported"),
                List.of("taken back"),
                List.of("another's", "cancelled"),
                null));
    assertThat(plan.completedTasks()).containsExactly("own");
    assertThat(plan.inProgressTasks()).containsExactly("not reported");
    assertThat(plan.pendingTasks()).containsExactly("taken back");
  }

  @Test
  void progress_whenAllIsDone_isOneAndNothingIsLeft() {
    RecoveryPlan plan =
        plan("{}", ledger(List.of("a", "b"), List.of(), List.of(), Duration.ofSeconds(3)));
    assertThat(plan.progress()).isEqualTo(1);
    assertThat(plan.estimatedTime()).isZero();
    assertThat(plan.confidence()).as("the ledger's tasks are defined").isEqualTo(0.85);
  }

  @Test
  void nextActions_withManyTasks_nameFiveOfThem() {
    RecoveryPlan plan =
        plan(
            swarm("{}", "[{},{}]", true),
            "{}",
            ledger(List.of(), List.of(), List.of("1", "2", "3", "4", "5", "6", "7"), null));
    assertThat(plan.nextActions())
        .containsExactly("Restart 2 agents", "Ask for tasks; these wait: 1, 2, 3, 4, 5 and 2 more");
    assertThat(plan.confidence()).isEqualTo(0.95);
  }

  @Test
  void state_ofAnyShape_isNoError() {
    for (String state :
        List.of(
            "{\"tasks\":{}}",
            "{\"tasks\":[1,null,[],{\"id\":7},{\"id\":null},{}]}",
            "{\"agents\":\"two\",\"phase\":null,\"tasks\":\"x\"}",
            "{\"phase\":\"\\ud800\"}")) {
      RecoveryPlan plan = plan(state, TaskFacts.NONE);
      assertThat(plan.pendingTasks()).as(state).isEmpty();
      assertThat(plan.confidence()).as(state).isBetween(Confidence.LEAST, Confidence.MOST);
    }
  }

  @Test
  void confidence_ofHalfDefinedTasks_isBetween() {
    assertThat(
            plan(
                    "{\"tasks\":[{\"id\":\"a\",\"description\":\"d\"},{\"id\":\"b\"}]}",
                    TaskFacts.NONE)
                .confidence())
        .isEqualTo(0.775);
  }
}
