package io.multiswarm.load.suite;

import io.multiswarm.load.history.Operation;
import io.multiswarm.load.history.Outcome;
import io.multiswarm.load.judge.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Judges a history of {@code conflict.resolve} by votes and {@code conflict.vote}: a conflict has
 * one decision, whoever asks; a swarm has one vote; what was accepted is counted and nothing else
 * is; and who has more votes wins, unless there was no quorum.
 */
final class VoteJudge {

  private static final int MAX_EXAMPLES = 10;

  private final Map<String, Decision> decisions = new HashMap<>();
  private final Map<String, Ballots> accepted = new HashMap<>();
  private final Map<String, Ballots> possible = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private final Map<String, Long> defects = new LinkedHashMap<>();

  private VoteJudge() {
    for (Defect defect : Defect.values()) {
      defects.put(defect.words, 0L);
    }
  }

  /**
   * What a history shows.
   *
   * @param decided conflicts, so that somebody sees whether there was anything to judge
   * @param defects what must not be, and how often it was
   * @param examples of it, in words
   */
  public record Verdict(long decided, Map<String, Long> defects, List<String> examples)
      implements Findings {}

  private enum Defect {
    CONTRADICTING("conflicts with two decisions"),
    TWICE("swarms whose two different votes were accepted"),
    INVENTED("votes counted that nobody cast"),
    IGNORED("accepted votes that were not counted"),
    UPSIDE_DOWN("winners with fewer votes");

    private final String words;

    Defect(String words) {
      this.words = words;
    }
  }

  private record Decision(String winner, String loser, String reason, Map<String, Long> votes) {

    static Decision of(JsonNode result) {
      Map<String, Long> votes = new HashMap<>();
      result
          .path("votes")
          .propertyStream()
          .forEach(vote -> votes.put(vote.getKey(), vote.getValue().asLong()));
      return new Decision(
          result.path("winner").asString(""),
          result.path("loser").asString(""),
          result.path("reason").asString(""),
          votes);
    }
  }

  /** Who voted for whom. */
  private static final class Ballots {
    private final Map<String, Set<String>> votersByChoice = new HashMap<>();

    void cast(String voter, String choice) {
      votersByChoice.computeIfAbsent(choice, any -> new HashSet<>()).add(voter);
    }

    Set<String> voters(String choice) {
      return votersByChoice.getOrDefault(choice, Set.of());
    }
  }

  /** The judgement on a whole history, in whatever order its lines are. */
  public static Verdict judge(List<Operation> history) {
    var judge = new VoteJudge();
    history.forEach(judge::take);
    judge.decisions.forEach(judge::count);
    return new Verdict(judge.decisions.size(), judge.defects, List.copyOf(judge.examples));
  }

  private void take(Operation operation) {
    String conflict = operation.value().path("conflictId").asString("");
    if (operation.is("conflict.resolve", Outcome.OK)) {
      Decision told = Decision.of(operation.result());
      Decision before = decisions.putIfAbsent(conflict, told);
      if (before != null && !before.equals(told)) {
        found(Defect.CONTRADICTING, "%s was decided as %s and as %s", conflict, before, told);
      }
    } else if (operation.method().equals("conflict.vote")
        && operation.outcome() != Outcome.FAILED) {
      String voter = operation.value().path("swarmId").asString("");
      String choice = operation.value().path("choice").asString("");
      possible.computeIfAbsent(conflict, any -> new Ballots()).cast(voter, choice);
      if (operation.outcome() == Outcome.OK) {
        accepted.computeIfAbsent(conflict, any -> new Ballots()).cast(voter, choice);
      }
    }
  }

  private void count(String conflict, Decision decision) {
    Ballots sure = accepted.getOrDefault(conflict, new Ballots());
    Ballots atMost = possible.getOrDefault(conflict, new Ballots());
    for (String choice : List.of(decision.winner(), decision.loser())) {
      long counted = decision.votes().getOrDefault(choice, 0L);
      int most = atMost.voters(choice).size();
      int least = sure.voters(choice).size();
      if (counted > most) {
        found(
            Defect.INVENTED,
            "%s: expected at most %d votes for %s, observed %d",
            conflict,
            most,
            choice,
            counted);
      }
      if (counted < least) {
        found(
            Defect.IGNORED,
            "%s: expected at least %d votes for %s, observed %d",
            conflict,
            least,
            choice,
            counted);
      }
    }
    judgeTwice(conflict, decision, sure);
    judgeWinner(conflict, decision);
  }

  private void judgeTwice(String conflict, Decision decision, Ballots sure) {
    Set<String> both = new HashSet<>(sure.voters(decision.winner()));
    both.retainAll(sure.voters(decision.loser()));
    both.forEach(voter -> found(Defect.TWICE, "%s: %s voted for both", conflict, voter));
  }

  private void judgeWinner(String conflict, Decision decision) {
    boolean byPriority =
        decision.reason().startsWith("no quorum") || decision.reason().startsWith("tie");
    long won = decision.votes().getOrDefault(decision.winner(), 0L);
    long lost = decision.votes().getOrDefault(decision.loser(), 0L);
    if (!byPriority && won <= lost) {
      found(
          Defect.UPSIDE_DOWN,
          "%s: expected that more votes win, observed %d to %d",
          conflict,
          won,
          lost);
    }
  }

  private void found(Defect defect, String format, Object... arguments) {
    defects.merge(defect.words, 1L, Long::sum);
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(format.formatted(arguments));
    }
  }
}
