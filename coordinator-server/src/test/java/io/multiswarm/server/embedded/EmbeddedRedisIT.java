package io.multiswarm.server.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.RespClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EmbeddedRedisIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String AOF = "appendonlydir/appendonly.aof.1.incr.aof";

  @TempDir private Path dataDir;

  private final List<EmbeddedRedis> started = new ArrayList<>();
  private final List<ProcessHandle> forked = new ArrayList<>();

  @AfterEach
  void endEverything() throws Exception {
    for (EmbeddedRedis redis : started) {
      redis.stop().get(SOON.toSeconds(), SECONDS);
    }
    for (ProcessHandle process : forked) {
      kill(process);
    }
  }

  private EmbeddedRedis start() throws Exception {
    return start(dataDir);
  }

  private EmbeddedRedis start(Path directory) throws Exception {
    EmbeddedRedis redis = EmbeddedRedis.in(directory);
    started.add(redis);
    redis.start().get(SOON.toSeconds(), SECONDS);
    return redis;
  }

  private static Object call(String url, String... command) {
    try (RespClient client = RespClient.connect(URI.create(url))) {
      return client.call(command);
    }
  }

  private static ProcessHandle processOf(String url) {
    return ProcessHandle.of(Long.parseLong(info(url, "process_id:"))).orElseThrow();
  }

  private static String info(String url, String name) {
    String info = (String) call(url, "INFO");
    return info.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()))
        .findFirst()
        .orElseThrow();
  }

  private ProcessHandle fork(String... command) throws IOException {
    ProcessHandle process = new ProcessBuilder(command).inheritIO().start().toHandle();
    forked.add(process);
    return process;
  }

  private static void kill(ProcessHandle process) throws Exception {
    process.destroyForcibly();
    process.onExit().get(SOON.toSeconds(), SECONDS);
  }

  /** A redis-server whose coordinator was killed; returns its address. */
  private String leaveBehind() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RedisHolder.class.getName(),
                dataDir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    forked.add(holder.toHandle());
    String url =
        holder
            .inputReader()
            .lines()
            .filter(line -> line.startsWith("ready "))
            .findFirst()
            .orElseThrow()
            .substring("ready ".length());
    forked.add(processOf(url));
    kill(holder.toHandle());
    return url;
  }

  private static void recordPid(Path directory, ProcessHandle process) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("redis.pid"), process.pid() + "\n");
  }

  @Test
  void redis_started_isDurableAndNeverEvicts() throws Exception {
    String url = start().url();

    assertThat(call(url, "PING")).isEqualTo("PONG");
    assertThat(call(url, "CONFIG", "GET", "appendonly")).asString().contains("yes");
    assertThat(call(url, "CONFIG", "GET", "appendfsync")).asString().contains("everysec");
    assertThat(call(url, "CONFIG", "GET", "maxmemory-policy")).asString().contains("noeviction");
    assertThat(call(url, "CONFIG", "GET", "bind")).asString().contains("127.0.0.1");
  }

  @Test
  void redis_inANewDirectory_keepsItToItsOwner() throws Exception {
    Path directory = dataDir.resolve("a").resolve("b");
    start(directory);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  @Test
  void redis_stopped_endsItsProcessAndKeepsItsData() throws Exception {
    EmbeddedRedis first = start();
    call(first.url(), "SET", "k", "v");
    ProcessHandle process = processOf(first.url());

    first.stop().get(SOON.toSeconds(), SECONDS);

    assertThat(process.isAlive()).isFalse();
    assertThat(call(start().url(), "GET", "k")).isEqualTo("v");
  }

  @Test
  void redis_stoppedTwice_stopsOnce() throws Exception {
    EmbeddedRedis redis = start();

    assertThat(redis.stop()).isSameAs(redis.stop()).succeedsWithin(SOON);
  }

  @Test
  void redis_stoppedBeforeItsStart_givesTheDirectoryBack() throws Exception {
    EmbeddedRedis redis = EmbeddedRedis.in(dataDir);
    redis.stop().get(SOON.toSeconds(), SECONDS);

    assertThat(redis.start()).isCompletedExceptionally();
    start();
  }

  @Test
  void redis_stoppedDuringItsStart_leavesNoProcess() throws Exception {
    EmbeddedRedis redis = EmbeddedRedis.in(dataDir);
    CompletableFuture<Void> ready = redis.start();
    redis.stop().get(SOON.toSeconds(), SECONDS);

    Await.await("the end of the start", SOON, ready::isDone);
    assertThat(ProcessHandle.current().children().filter(this::runsFromDataDir)).isEmpty();
  }

  private boolean runsFromDataDir(ProcessHandle process) {
    return process.info().command().filter(c -> c.startsWith(dataDir.toString())).isPresent();
  }

  @Test
  void redis_killed_comesBackOnItsPortWithItsData() throws Exception {
    String url = start().url();
    for (int round = 0; round < 3; round++) {
      call(url, "SET", "k", "v" + round);
      // A sync that is slow puts writes off, which a kill would lose.
      Await.await("the write", SOON, () -> info(url, "aof_buffer_length:").equals("0"));

      kill(processOf(url));

      Await.await("Redis to come back", SOON, () -> answers(url));
      assertThat(call(url, "GET", "k")).isEqualTo("v" + round);
    }
  }

  private static boolean answers(String url) {
    try {
      return call(url, "PING").equals("PONG");
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Test
  void redis_ofAKilledCoordinator_isReplacedAndKeepsItsData() throws Exception {
    String oldUrl = leaveBehind();
    call(oldUrl, "SET", "k", "v");
    ProcessHandle leftOver = processOf(oldUrl);

    String url = start().url();

    assertThat(leftOver.isAlive()).isFalse();
    assertThat(call(url, "GET", "k")).isEqualTo("v");
  }

  @Test
  void redis_ofAKilledCoordinatorAndFrozen_isReplaced() throws Exception {
    ProcessHandle leftOver = processOf(leaveBehind());
    fork("kill", "-STOP", Long.toString(leftOver.pid())).onExit().get(SOON.toSeconds(), SECONDS);

    start();

    assertThat(leftOver.isAlive()).isFalse();
  }

  @Test
  void process_withTheRecordedIdAndAnotherProgram_isNotTouched() throws Exception {
    ProcessHandle stranger = fork("sleep", "60");
    recordPid(dataDir, stranger);

    start();

    assertThat(stranger.isAlive()).isTrue();
  }

  @Test
  void redis_ofAnotherDirectoryWithTheRecordedId_isNotTouched() throws Exception {
    String other = start(dataDir.resolve("other")).url();
    Path mine = dataDir.resolve("mine");
    recordPid(mine, processOf(other));

    start(mine);

    assertThat(call(other, "PING")).isEqualTo("PONG");
  }

  @Test
  void process_youngerThanItsRecord_isNotTouchedAndTheStartRefused() throws Exception {
    ProcessHandle suspect = processOf(leaveBehind());
    FileTime before = FileTime.from(Instant.now().minusSeconds(3600));
    Files.setLastModifiedTime(dataDir.resolve("redis.pid"), before);

    EmbeddedRedis redis = EmbeddedRedis.in(dataDir);
    started.add(redis);

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> redis.start().join())
        .havingCause()
        .isInstanceOf(EmbeddedRedisException.class)
        .withMessageContainingAll("process " + suspect.pid(), "redis.pid", "stop it");
    assertThat(suspect.isAlive()).isTrue();
  }

  @Test
  void directory_ofALivingCoordinator_isRefused() throws Exception {
    start();

    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> EmbeddedRedis.in(dataDir))
        .withMessageContainingAll("in use by another", "" + ProcessHandle.current().pid());
  }

  @Test
  void directory_thatIsAFile_isRefused() throws IOException {
    Path file = Files.createFile(dataDir.resolve("file"));

    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> EmbeddedRedis.in(file))
        .withMessageContainingAll("cannot be used", "--data-dir");
  }

  @Test
  void data_withAHalfWrittenEnd_isKeptUpToThere() throws Exception {
    EmbeddedRedis first = start();
    call(first.url(), "SET", "k", "v");
    first.stop().get(SOON.toSeconds(), SECONDS);
    Files.writeString(
        dataDir.resolve(AOF), "*3\r\n$3\r\nSET\r\n$1\r\nk", StandardOpenOption.APPEND);

    assertThat(call(start().url(), "GET", "k")).isEqualTo("v");
  }

  @Test
  void data_thatCannotBeRead_isToldInOneLine() throws Exception {
    EmbeddedRedis first = start();
    call(first.url(), "SET", "k", "v");
    first.stop().get(SOON.toSeconds(), SECONDS);
    Files.writeString(dataDir.resolve(AOF), "no commands at all\r\n");

    EmbeddedRedis redis = EmbeddedRedis.in(dataDir);
    started.add(redis);

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> redis.start().join())
        .havingCause()
        .isInstanceOf(EmbeddedRedisException.class)
        .withMessageContainingAll("redis-server did not start", "Bad file format")
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("\n");
  }
}
