package io.multiswarm.load.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.history.HandMade;
import io.multiswarm.load.history.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VoteJudgeTest {

  private final HandMade history = new HandMade();

  @Test
  void history_votesThatAreCounted_findsNothing() {
    voted("x", "a", Outcome.OK);
    voted("y", "a", Outcome.OK);
    voted("z", "b", Outcome.OK);
    voted("z", "a", Outcome.FAILED);
    decided("a", "b", "2 votes to 1", 2, 1);
    decided("a", "b", "2 votes to 1", 2, 1);

    assertThat(wrong()).isEmpty();
    assertThat(VoteJudge.judge(history.operations()).decided()).isOne();
  }

  @Test
  void history_voteWithoutAnAnswer_mayCountOrNot() {
    voted("x", "a", Outcome.UNKNOWN);
    decided("a", "b", "1 votes to 0", 1, 0);

    assertThat(wrong()).isEmpty();
  }

  @Test
  void history_tie_isDecidedByPriority() {
    voted("x", "a", Outcome.OK);
    voted("y", "b", Outcome.OK);
    decided("a", "b", "tie, 1 votes each: a is older", 1, 1);

    assertThat(wrong()).isEmpty();
  }

  @Test
  void history_twoDecisions_areConvicted() {
    decided("a", "b", "no quorum, 0 of 2 votes: a is older", 0, 0);
    decided("b", "a", "no quorum, 0 of 2 votes: a is older", 0, 0);

    assertThat(wrong()).containsOnlyKeys("conflicts with two decisions");
  }

  @Test
  void history_voteCountedTwice_isConvicted() {
    voted("x", "a", Outcome.OK);
    decided("a", "b", "2 votes to 0", 2, 0);

    assertThat(wrong()).containsOnlyKeys("votes counted that nobody cast");
  }

  @Test
  void history_acceptedVoteThatDoesNotCount_isConvicted() {
    voted("x", "a", Outcome.OK);
    voted("y", "a", Outcome.OK);
    decided("a", "b", "1 votes to 0", 1, 0);

    assertThat(wrong()).containsOnlyKeys("accepted votes that were not counted");
  }

  @Test
  void history_swarmThatVotedForBoth_isConvicted() {
    voted("x", "a", Outcome.OK);
    voted("x", "b", Outcome.OK);
    voted("y", "a", Outcome.OK);
    decided("a", "b", "2 votes to 1", 2, 1);

    assertThat(wrong()).containsOnlyKeys("swarms whose two different votes were accepted");
  }

  @Test
  void history_loserWithMoreVotes_isConvicted() {
    voted("x", "b", Outcome.OK);
    decided("a", "b", "1 votes to 0", 0, 1);

    assertThat(wrong()).containsOnlyKeys("winners with fewer votes");
  }

  private Map<String, Long> wrong() {
    return HandMade.found(VoteJudge.judge(history.operations()).defects());
  }

  private void voted(String swarm, String choice, Outcome outcome) {
    history.add(
        "conflict.vote",
        Map.of("conflictId", "c", "swarmId", swarm, "choice", choice),
        outcome,
        Map.of());
  }

  private void decided(String winner, String loser, String reason, int won, int lost) {
    history.add(
        "conflict.resolve",
        Map.of("conflictId", "c", "swarmA", "a", "swarmB", "b"),
        Outcome.OK,
        Map.of(
            "winner", winner,
            "loser", loser,
            "reason", reason,
            "votes", Map.of(winner, won, loser, lost)));
  }
}
