package io.multiswarm.load.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class BareAssignerTest {

  private final List<Map<Integer, Integer>> calls = new ArrayList<>();
  private final List<CompletableFuture<Long>> answers = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final BareAssigner assigner =
      new BareAssigner(new Batcher.Limits(1, 5), 3, this::call, failures::add);

  @Test
  void tasks_goToSwarmsInTurn_asManyAsEachAskedFor() {
    assigner.requested(0, 1);
    assigner.requested(1, 3);
    assigner.pending(9);
    answers.get(0).complete(4L);

    assertThat(calls).containsExactly(Map.of(0, 1, 1, 3));

    assigner.requested(2, 2);

    assertThat(calls).hasSize(2).last().isEqualTo(Map.of(2, 2));
  }

  @Test
  void tasks_moreThanACallTakes_goInSeveral() {
    assigner.requested(0, 4);
    assigner.pending(2);
    assigner.requested(1, 4);
    assigner.pending(5);
    answers.get(0).complete(2L);

    assertThat(calls).containsExactly(Map.of(0, 2), Map.of(0, 2, 1, 3));
  }

  @Test
  void credit_withoutTasks_waits() {
    assigner.requested(0, 1);

    assertThat(calls).isEmpty();
  }

  @Test
  void tasks_thatRedisDidNotHave_areAFailure() {
    assigner.requested(0, 2);
    assigner.pending(2);
    answers.get(0).complete(1L);

    assertThat(failures).singleElement().asString().contains("Of 2 tasks", "assigned 1");
  }

  @Test
  void calls_thatFail_areAFailure() {
    assigner.requested(0, 1);
    assigner.pending(1);
    answers.get(0).completeExceptionally(new IllegalStateException("gone"));

    assertThat(failures).singleElement().asString().contains("gone");
  }

  private CompletionStage<Long> call(Map<Integer, Integer> shares) {
    var answer = new CompletableFuture<Long>();
    calls.add(shares);
    answers.add(answer);
    return answer;
  }
}
