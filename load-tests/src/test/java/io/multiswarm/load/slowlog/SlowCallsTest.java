package io.multiswarm.load.slowlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.target.SlowCall;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SlowCallsTest {

  private static final ScriptNames NAMES = new ScriptNames(Map.of("ab", "task_assign"));
  private static final String BARE =
      "the bare script: calls, half and nine of ten within, then allowed, ms";
  private static final String FOUND =
      "calls over 10.0 ms, over what was allowed, of those in the log, and the longest, ms";

  @Test
  void calls_overTheLimitAgainAndAgain_areConvictedByTheNameOfTheirScript() {
    Report report = judged(phase("lanes", 3_000, 12_000, 11_000, 30_000, 4_000));

    assertThat(report.defects())
        .singleElement()
        .asString()
        .contains("observed 3 of task_assign, of 30.0 ms at most");
  }

  @Test
  void calls_overTheLimitOnceOrTwice_areTheMachines() {
    assertThat(judged(phase("lanes", 3_000, 12_000, 50_000, 4_000)).defects()).isEmpty();
  }

  @Test
  void calls_ofWhichHardlyOneIsOverTheLimit_areTheMachines() {
    long[] many = new long[80];
    Arrays.fill(many, 5_000);
    many[7] = many[30] = many[50] = many[70] = 50_000;

    assertThat(judged(phase("lanes", 3_000, many)).defects()).isEmpty();
  }

  @Test
  void calls_ofWhichOneInTenIsOverTheLimit_areConvicted() {
    long[] many = new long[80];
    Arrays.fill(many, 5_000);
    Arrays.fill(many, 0, 8, 14_000);

    assertThat(judged(phase("lanes", 3_000, many)).defects())
        .singleElement()
        .asString()
        .contains("observed 8 of task_assign");
  }

  @Test
  void calls_onASlowMachine_areNotConvictedOfWhatCopyingTakes() {
    Report report = judged(phase("messages", 9_000, 12_000, 11_000, 17_000, 13_000));

    assertThat(report.defects()).isEmpty();
    assertThat(report.rows(FOUND)).containsEntry("task_assign", "4, 0 of 4, 17.0");
    assertThat(report.rows(BARE)).containsEntry("messages", "100, 9.0, 9.0, 18.0");
  }

  @Test
  void calls_farSlowerThanASlowMachine_areConvicted() {
    Report report = judged(phase("messages", 9_000, 19_000, 20_000, 21_000, 13_000));

    assertThat(report.defects()).singleElement().asString().contains("observed 3 of task_assign");
  }

  @Test
  void slownessOfAPhase_inAnother_isNoExcuse() {
    Report report =
        judged(phase("messages", 30_000, 14_000), phase("lists", 3_000, 12_000, 11_000, 13_000));

    assertThat(report.defects()).singleElement().asString().contains("observed 3 of task_assign");
  }

  @Test
  void moments_inWhichTheBareScriptWasSlowToo_excuseOnlyWhatIsRare() {
    var moments = new BareCalls(100, Collections.nCopies(9, 60_000L));

    Report report = judged(new Phase("lists", slow(12_000, 11_000, 13_000), moments));

    assertThat(report.defects()).singleElement().asString().contains("observed 3 of task_assign");
  }

  @Test
  void phases_withHardlyACallOfTheBareScript_areJudgedByAll() {
    Phase brief =
        new Phase("attaching", slow(12_000, 13_000, 14_000), new BareCalls(1, List.of(3_000L)));

    assertThat(judged(phase("messages", 9_000), brief).defects()).isEmpty();
  }

  @Test
  void runs_withoutTheBareScript_haveNothingToCompareWith() {
    assertThat(judged(new Phase("lanes", List.of(), new BareCalls(0, List.of()))).defects())
        .singleElement()
        .asString()
        .contains("observed 0: nothing to compare with");
  }

  @Test
  void times_thatAreNotInTheLog_areTheShortest() {
    var calls = new BareCalls(10, List.of(8_000L, 6_000L, 7_000L));

    assertThat(calls.quantile(0.5)).isZero();
    assertThat(calls.quantile(0.8)).isEqualTo(6_000);
    assertThat(calls.quantile(0.9)).isEqualTo(7_000);
    assertThat(calls.quantile(1)).isEqualTo(8_000);
    assertThat(new BareCalls(0, List.of()).quantile(0.5)).isZero();
  }

  @Test
  void names_ofOtherCommands_haveTheirKey() {
    assertThat(NAMES.of(new SlowCall(1, List.of("HGETALL", "swarm:x"))))
        .isEqualTo("hgetall swarm:x");
    assertThat(NAMES.of(new SlowCall(1, List.of("EVALSHA", "cd", "0")))).isEqualTo("script cd");
    assertThat(NAMES.of(new SlowCall(1, List.of("PING")))).isEqualTo("ping");
  }

  /**
   * @param bare how long each of a hundred calls of the bare script took
   */
  private static Phase phase(String name, long bare, long... micros) {
    return new Phase(name, slow(micros), new BareCalls(100, Collections.nCopies(100, bare)));
  }

  private static List<SlowCall> slow(long... micros) {
    return LongStream.of(micros)
        .mapToObj(each -> new SlowCall(each, List.of("EVALSHA", "ab", "1")))
        .toList();
  }

  private static Report judged(Phase... phases) {
    var report = new Report("slowlog");
    new SlowCalls(10_000, 3).judge(List.of(phases), NAMES::of, report);
    return report;
  }
}
