package io.multiswarm.load.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.soak.SteadyJudge.Growth;
import io.multiswarm.load.soak.SteadyJudge.Measured;
import io.multiswarm.load.soak.SteadyJudge.Verdict;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteadyJudgeTest {

  private static final int LENGTH = 180;
  private static final Growth ALLOWED = new Growth(0.25, 4);

  @Test
  void judge_whatStaysWhereItIs_isSteady() {
    Verdict verdict = judge(at -> 100);

    assertThat(verdict).isEqualTo(new Verdict("heap, MB", true, 100, 100, 129));
    assertThat(verdict.isSteady()).isTrue();
  }

  @Test
  void judge_whatRisesInTheWarmUpAlone_isSteady() {
    assertThat(judge(at -> Math.min(at, LENGTH / 4)).isSteady()).isTrue();
  }

  @Test
  void judge_whatGoesUpAndDownAgain_isSteady() {
    assertThat(judge(at -> 100 + 50.0 * (at % 7)).isSteady()).isTrue();
  }

  @Test
  void judge_singlePeaksInTheEnd_countForNothing() {
    assertThat(judge(at -> at > LENGTH - 10 ? 1_000 : 100).isSteady()).isTrue();
  }

  @Test
  void judge_whatFalls_isSteady() {
    assertThat(judge(at -> 1_000 - at).isSteady()).isTrue();
  }

  @Test
  void judge_whatGrowsSlowlyAndForGood_isConvicted() {
    Verdict verdict = judge(at -> 100 + at);

    assertThat(verdict.isSteady()).isFalse();
    assertThat(verdict.words())
        .isEqualTo(
            "heap, MB: expected at most 212.8 in the end (167.0 after the warm-up), observed 257.0");
  }

  @Test
  void judge_whatGrowsBetweenUpAndDown_isConvicted() {
    assertThat(judge(at -> 100 + 50.0 * (at % 7) + 2 * at).isSteady()).isFalse();
  }

  @Test
  void judge_aStepThatStays_isConvicted() {
    assertThat(judge(at -> at > LENGTH / 2 ? 200 : 100).isSteady()).isFalse();
  }

  @Test
  void judge_tooFewMeasurements_provesNothing() {
    Verdict few = SteadyJudge.judge("threads", measured(8, at -> 1), ALLOWED);

    assertThat(few.isSteady()).isFalse();
    assertThat(few.words())
        .isEqualTo("threads: expected enough measurements to judge it, observed too few");
    assertThat(SteadyJudge.judge("threads", List.of(), ALLOWED).isSteady()).isFalse();
  }

  private static Verdict judge(IntToDoubleFunction value) {
    return SteadyJudge.judge("heap, MB", measured(LENGTH, value), ALLOWED);
  }

  private static List<Measured> measured(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count)
        .mapToObj(at -> new Measured(at, value.applyAsDouble(at)))
        .toList();
  }
}
