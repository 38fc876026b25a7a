package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A short run of each scenario against the packaged server: two programs that share no code agree
 * on the protocol.
 */
@Tag("runs")
@Timeout(300)
class ServerRunIT {

  private final PackagedRun run = new PackagedRun();

  @BeforeAll
  static void serverIsPackaged() {
    PackagedRun.assumePackaged();
  }

  @Test
  void messages_mixedOverTwoServers_keepThePromises() {
    assertThat(load("messages", "--nodes", "2", "--swarms", "20", "--per-session", "4"))
        .as(run.said())
        .isZero();
    assertThat(run.said())
        .contains("broadcast delivery", "µs of CPU a message, redis", "a message, server 2");
  }

  @Test
  void tasks_ofManySwarms_endOnce() {
    assertThat(load("tasks", "--swarms", "20", "--per-session", "10")).as(run.said()).isZero();
  }

  @Test
  void failover_ofEachKind_isFollowedAndNothingStaleIsAccepted() {
    // The times are a promise for machines that do nothing else; here it is the history that
    // counts.
    run("failover", "--rounds", "1", "--pauses", "1", "--lease", "1500ms", "--allowance", "30s");

    assertThat(run.said())
        .contains(
            "leader killed", "leader stopped", "leader paused", "stale writes accepted      0")
        .contains("PASSED");
  }

  /** The long form is {@code chaos} without arguments; nothing here depends on how fast it goes. */
  @Test
  void chaos_ofEachKind_losesNothingAndCompletesNothingTwice() {
    int code =
        run(
            "chaos",
            "--tasks",
            "2000",
            "--unfinished",
            "200",
            "--kills",
            "3",
            "--swarms",
            "20",
            "--lease",
            "1500ms");

    assertThat(code).as(run.said()).isZero();
    assertThat(run.said())
        .contains("killed: workers", "killed: leader", "killed: redis")
        .contains("accepted tasks not completed 0", "accepted tasks missing     0");
  }

  @Test
  void slow_socketsThatReadAgain_getTheHistoryAndGaps() {
    // Latencies are compared on machines that do nothing else. 10 MB/s for two seconds is more than
    // sockets and history hold.
    int code =
        run(
            "slow",
            "--silent",
            "5",
            "--others",
            "2",
            "--rate",
            "500",
            "--payload",
            "20000",
            "--warmup",
            "1s",
            "--duration",
            "1s",
            "--silence",
            "2s",
            "--factor",
            "1000");

    assertThat(code).as(run.said()).isZero();
    assertThat(run.said()).contains("growth, MB", "got when they read again");
  }

  private int load(String... arguments) {
    Stream<String> load = Stream.of("--rate", "100", "--warmup", "1s", "--duration", "2s");
    return run(Stream.concat(Arrays.stream(arguments), load).toArray(String[]::new));
  }

  private int run(String... arguments) {
    return run.of(arguments);
  }
}
