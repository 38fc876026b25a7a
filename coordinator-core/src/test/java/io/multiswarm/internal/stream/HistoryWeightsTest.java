package io.multiswarm.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.internal.stream.HistoryBudget.Weighed;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who has to give when histories take too much, and how much. */
class HistoryWeightsTest {

  private static final int BUDGET = 800;
  private static final int ALLOWED = 700;

  private static HistoryWeights weights(Weighed... histories) {
    return new HistoryWeights(List.of(histories), BUDGET);
  }

  private static Weighed of(String channel, long bytes) {
    return Weighed.of(channel).taking(bytes);
  }

  private static Weighed gone(String channel, long bytes) {
    return new Weighed(channel, channel, false, bytes);
  }

  private static List<String> tooLarge(HistoryWeights weights) {
    return weights.tooLarge().stream().map(Weighed::channel).toList();
  }

  @Test
  void nobody_whileAllFit_gives() {
    HistoryWeights weights = weights(of("a", 700), gone("b", 100));
    assertThat(weights.sum()).isEqualTo(BUDGET);
    assertThat(weights.tooLarge()).isEmpty();
  }

  @Test
  void theLargest_beyondTheBudget_keepTheSame() {
    HistoryWeights weights = weights(of("a", 100), of("b", 500), of("c", 900));
    assertThat(weights.level()).isEqualTo(300);
    assertThat(tooLarge(weights)).containsExactly("b", "c");
    assertThat(weights.sumAfter(List.of(of("b", 290), of("c", 310)))).isEqualTo(ALLOWED);
  }

  @Test
  void thoseOfSwarmsThatAreGone_ifThatIsEnough_goAlone() {
    HistoryWeights weights = weights(of("a", 600), gone("b", 300), gone("c", 0));
    assertThat(tooLarge(weights)).containsExactly("b");
    assertThat(weights.sumAfter(List.of(gone("b", 0)))).isEqualTo(600);
  }

  @Test
  void all_ifTheyAreTooMany_keepWhatIsLeftForEach() {
    Weighed[] many =
        IntStream.range(0, 1_000).mapToObj(n -> of("s" + n, 10)).toArray(Weighed[]::new);
    HistoryWeights weights = weights(many);
    assertThat(weights.level()).isZero();
    assertThat(weights.tooLarge()).hasSize(1_000);
  }

  @Test
  void level_ofAnyWeights_isTheLargestThatFits() {
    HistoryWeights weights = weights(of("a", 1), of("b", 348), of("c", 352), of("d", 352));
    assertThat(weights.level()).isEqualTo(233);
    assertThat(1 + 3 * weights.level()).isLessThanOrEqualTo(ALLOWED);
  }
}
