package io.multiswarm.load.slowlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.target.SlowCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlowCallsTest {

  private static final ScriptNames NAMES = new ScriptNames(Map.of("ab", "task_assign"));

  @Test
  void calls_overTheLimitAgainAndAgain_areConvictedByTheNameOfTheirScript() {
    Report report = judged(12_000, 11_000, 30_000, 4_000);

    assertThat(report.defects())
        .singleElement()
        .asString()
        .contains("observed 3 of task_assign, of 30.0 ms at most");
  }

  @Test
  void calls_overTheLimitOnceOrTwice_areTheMachines() {
    assertThat(judged(12_000, 50_000, 4_000).defects()).isEmpty();
  }

  @Test
  void calls_ofWhichHardlyOneIsOverTheLimit_areTheMachines() {
    long[] many = new long[400];
    Arrays.fill(many, 5_000);
    many[7] = many[70] = many[170] = many[270] = 50_000;

    assertThat(judged(many).defects()).isEmpty();
  }

  @Test
  void names_ofOtherCommands_haveTheirKey() {
    assertThat(NAMES.of(new SlowCall(1, List.of("HGETALL", "swarm:x"))))
        .isEqualTo("hgetall swarm:x");
    assertThat(NAMES.of(new SlowCall(1, List.of("EVALSHA", "cd", "0")))).isEqualTo("script cd");
    assertThat(NAMES.of(new SlowCall(1, List.of("PING")))).isEqualTo("ping");
  }

  private static Report judged(long... micros) {
    List<SlowCall> calls = new ArrayList<>();
    for (long each : micros) {
      calls.add(new SlowCall(each, List.of("EVALSHA", "ab", "1")));
    }
    var report = new Report("slowlog");
    new SlowCalls(10_000, 3).judge(calls, NAMES::of, report);
    return report;
  }
}
