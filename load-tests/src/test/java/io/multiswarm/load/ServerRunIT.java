package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A short run of each scenario against the packaged server: two programs that share no code agree
 * on the protocol.
 */
@Timeout(300)
class ServerRunIT {

  private static final Path SERVER = Path.of("../coordinator-server/target/coordinator-server.jar");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void serverIsPackaged() {
    assumeTrue(Files.isReadable(SERVER), "the server is not packaged");
  }

  @Test
  void messages_mixed_keepThePromises() {
    assertThat(load("messages", "--swarms", "20", "--per-session", "4"))
        .as(out.toString() + err)
        .isZero();
    assertThat(out.toString()).contains("broadcast delivery", "µs of CPU a message, redis");
  }

  @Test
  void tasks_ofManySwarms_endOnce() {
    assertThat(load("tasks", "--swarms", "20", "--per-session", "10"))
        .as(out.toString() + err)
        .isZero();
  }

  @Test
  void failover_ofEachKind_isFollowedAndNothingStaleIsAccepted() {
    // The times are a promise for machines that do nothing else; here it is the history that
    // counts.
    run("failover", "--rounds", "1", "--pauses", "1", "--lease", "1500ms", "--allowance", "30s");

    assertThat(out.toString() + err)
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

    assertThat(code).as(out.toString() + err).isZero();
    assertThat(out.toString())
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

    assertThat(code).as(out.toString() + err).isZero();
    assertThat(out.toString()).contains("growth, MB", "got when they read again");
  }

  private int load(String... arguments) {
    Stream<String> load = Stream.of("--rate", "100", "--warmup", "1s", "--duration", "2s");
    return run(Stream.concat(Arrays.stream(arguments), load).toArray(String[]::new));
  }

  private int run(String... arguments) {
    Stream<String> all =
        Stream.concat(Arrays.stream(arguments), Stream.of("--server-jar", SERVER.toString()));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
