package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.history.HandMade;
import io.multiswarm.load.history.Operation.Span;
import io.multiswarm.load.history.Outcome;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResourceJudgeTest {

  private final HandMade history = new HandMade();

  ResourceJudgeTest() {
    add("resource.define", Map.of("type", "gpu", "total", 4), 0, 1, Outcome.OK, Map.of());
  }

  @Test
  void history_withinTheTotal_isClean() {
    granted("a", 3, 10, 11, 1);
    granted("b", 1, 12, 13, 0);
    released("a", 20, 21, 3);
    granted("c", 3, 22, 23, 0);

    assertThat(verdict().isClean()).isTrue();
    assertThat(verdict().granted()).isEqualTo(3);
  }

  @Test
  void grant_beyondTheTotal_isConvicted() {
    granted("a", 3, 10, 11, 1);
    granted("b", 2, 12, 13, 0);

    assertThat(verdict().aboveTotal()).isEqualTo(1);
    assertThat(verdict().examples()).containsExactly("5 of gpu were held when there are 4");
  }

  @Test
  void grant_whileAReleaseIsUnderWay_isNotConvicted() {
    granted("a", 4, 10, 11, 0);
    released("a", 12, 50, 4);
    granted("b", 4, 13, 14, 0);

    assertThat(verdict().isClean()).isTrue();
  }

  @Test
  void grant_afterAReleaseThatWasRefused_isConvicted() {
    granted("a", 4, 10, 11, 0);
    add("resource.release", want("a"), 12, 13, Outcome.FAILED, "NOT_FOUND");
    granted("b", 1, 14, 15, 0);

    assertThat(verdict().aboveTotal()).isEqualTo(1);
  }

  @Test
  void grant_withoutAnAnswer_countsForNothing() {
    add("resource.allocate", want("a", 4), 10, 11, Outcome.UNKNOWN, "");
    granted("b", 4, 12, 13, 0);

    assertThat(verdict().isClean()).isTrue();
    assertThat(verdict().granted()).isEqualTo(1);
  }

  @Test
  void release_ofAPart_freesNoMore() {
    granted("a", 4, 10, 11, 0);
    add(
        "resource.release",
        Map.of("swarmId", "a", "type", "gpu", "amount", 1),
        12,
        13,
        Outcome.OK,
        Map.of("available", 1));
    granted("b", 2, 14, 15, 0);

    assertThat(verdict().aboveTotal()).isEqualTo(1);
  }

  @Test
  void release_sentTwice_freesWhatIsHeldOnly() {
    granted("a", 2, 10, 11, 2);
    granted("b", 2, 12, 13, 0);
    released("a", 14, 15, 2);
    released("a", 16, 17, 2);
    granted("c", 3, 18, 19, 0);

    assertThat(verdict().aboveTotal()).isEqualTo(1);
  }

  @Test
  void end_ofAConnection_freesAllThatItsSwarmsHeld() {
    granted("a", 4, 10, 11, 0);
    add("session.ended", Map.of("swarms", List.of("a")), 12, 12, Outcome.OK, "");
    granted("b", 4, 13, 14, 0);

    assertThat(verdict().isClean()).isTrue();
  }

  @Test
  void answer_withAnImpossibleAmount_isConvicted() {
    granted("a", 1, 10, 11, -1);
    released("a", 12, 13, 5);

    assertThat(verdict().answersOutOfRange()).isEqualTo(2);
  }

  /** The judgement is on the history and not on how its lines lie. */
  @Test
  void lines_inAnotherOrder_giveTheSameVerdict() {
    granted("a", 3, 10, 11, 1);
    granted("b", 2, 12, 13, 0);
    released("a", 20, 21, 3);
    granted("c", 2, 22, 23, 0);
    ResourceJudge.Verdict inOrder = verdict();

    Collections.shuffle(history.operations(), new Random(4));

    assertThat(verdict()).isEqualTo(inOrder);
    assertThat(inOrder.aboveTotal()).isEqualTo(1);
  }

  private void granted(String swarm, long amount, long invoked, long completed, long left) {
    add(
        "resource.allocate",
        want(swarm, amount),
        invoked,
        completed,
        Outcome.OK,
        Map.of("available", left));
  }

  private void released(String swarm, long invoked, long completed, long left) {
    add("resource.release", want(swarm), invoked, completed, Outcome.OK, Map.of("available", left));
  }

  private static Map<String, Object> want(String swarm) {
    return Map.of("swarmId", swarm, "type", "gpu");
  }

  private static Map<String, Object> want(String swarm, long amount) {
    return Map.of("swarmId", swarm, "type", "gpu", "amount", amount);
  }

  private void add(
      String method, Object value, long invoked, long completed, Outcome outcome, Object result) {
    history.add(1, method, value, new Span(invoked, completed), outcome, result);
  }

  private ResourceJudge.Verdict verdict() {
    return ResourceJudge.judge(history.operations());
  }
}
