package io.multiswarm.load.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.history.HandMade;
import io.multiswarm.load.history.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateJudgeTest {

  private final HandMade history = new HandMade();

  @Test
  void history_lastStateRecovered_findsNothing() {
    saved(1, 1, Outcome.OK);
    saved(2, 2, Outcome.OK);
    recovered("state", 2, 2);

    assertThat(wrong()).isEmpty();
  }

  @Test
  void history_stateThatWasOnItsWay_mayBeThereOrNot() {
    saved(1, 1, Outcome.OK);
    saved(2, 2, Outcome.UNKNOWN);
    recovered("state", 1, 1);
    saved(3, 2, Outcome.UNKNOWN);
    recovered("state", 3, 2);

    assertThat(wrong()).isEmpty();
  }

  @Test
  void history_deletedState_comesFromTheLastCopy() {
    saved(1, 1, Outcome.OK);
    did("checkpoint.create");
    saved(2, 2, Outcome.OK);
    did("snapshot.create");
    did("state.delete");
    recovered("checkpoint", 1, 3);

    assertThat(wrong()).isEmpty();
    assertThat(StateJudge.judge(history.operations()).fromCopies()).isOne();
  }

  @Test
  void history_acknowledgedStateThatIsGone_isConvicted() {
    saved(1, 1, Outcome.OK);
    saved(2, 2, Outcome.OK);
    recovered("state", 1, 2);

    assertThat(wrong()).containsOnlyKeys("recoveries of less than was acknowledged");
  }

  @Test
  void history_copyThatIsGone_isConvicted() {
    saved(4, 4, Outcome.OK);
    did("snapshot.create");
    did("state.delete");
    recovered("", 0, 4);

    assertThat(wrong()).containsOnlyKeys("recoveries of less than was acknowledged");
  }

  @Test
  void history_stateThatNobodySent_isConvicted() {
    saved(1, 1, Outcome.OK);
    recovered("state", 7, 2);

    assertThat(wrong()).containsOnlyKeys("recoveries of what nobody had sent");
  }

  @Test
  void history_versionThatGoesBack_isConvicted() {
    saved(1, 5, Outcome.OK);
    saved(2, 4, Outcome.OK);

    assertThat(wrong()).containsOnlyKeys("versions that did not grow");
  }

  private Map<String, Long> wrong() {
    return HandMade.found(StateJudge.judge(history.operations()).defects());
  }

  private void saved(long count, long version, Outcome outcome) {
    Map<String, Object> value = Map.of("swarmId", "s", "state", Map.of("count", count));
    history.add(
        "state.save",
        value,
        outcome,
        outcome == Outcome.OK ? Map.of("version", version) : Map.of());
  }

  private void did(String method) {
    history.add(method, Map.of("swarmId", "s"), Outcome.OK, Map.of());
  }

  private void recovered(String source, long count, long version) {
    history.add(
        "swarm.recover",
        Map.of("swarmId", "s"),
        Outcome.OK,
        Map.of("source", source, "state", Map.of("count", count), "version", version));
  }
}
