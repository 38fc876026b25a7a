package io.multiswarm.election;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeadershipHistoryTest {

  private final LeadershipHistory history = new LeadershipHistory().won(5, "a").won(7, "b");

  @Test
  void history_inOrder_isAccepted() {
    history.wrote(5, "a").wrote(5, "a").wrote(7, "b").check();
  }

  @Test
  void writeOfTheNewer_withoutOneOfTheOlder_isAccepted() {
    history.wrote(7, "b").check();
  }

  @Test
  void lateWrite_isFound() {
    assertThat(history.wrote(7, "b").wrote(5, "a").violations())
        .containsExactly("accepted after epoch 7 had written: Entry[epoch=5, node=a]");
  }

  @Test
  void repeatedEpoch_isFound() {
    assertThat(history.won(7, "c").violations()).hasSize(1);
  }

  @Test
  void epochThatGoesBack_isFound() {
    assertThat(history.won(6, "c").violations()).hasSize(1);
  }

  @Test
  void writeOfAnother_isFound() {
    assertThat(history.wrote(5, "b").violations())
        .containsExactly("accepted from who did not win it: Entry[epoch=5, node=b]");
  }
}
