package io.multiswarm.server.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multiswarm.testing.RespClient;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which program serves a data directory; the machine's own PATH plays no part. */
class ProgramChoiceIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SAYS = "#!/bin/sh\necho \"%s\"\n";
  private static final String NEWER = "Redis server v=7.9.9 sha=00000000:0 malloc=libc";
  private static final String OLDER = "Redis server v=6.2.14 sha=00000000:0 malloc=libc";

  @TempDir private Path root;

  private final List<EmbeddedRedis> started = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (EmbeddedRedis redis : started) {
      redis.stop().get(SOON.toSeconds(), SECONDS);
    }
  }

  private EmbeddedRedis start(String words, Path... searched) {
    String path =
        String.join(File.pathSeparator, List.of(searched).stream().map(Path::toString).toList());
    EmbeddedRedis redis =
        EmbeddedRedis.in(root.resolve("data"), 64 << 20, new ProgramChoice(words, path));
    started.add(redis);
    redis.start().join();
    return redis;
  }

  private void stop(EmbeddedRedis redis) throws Exception {
    redis.stop().get(SOON.toSeconds(), SECONDS);
  }

  private String refusal(String words, Path... searched) {
    try {
      start(words, searched);
      throw new AssertionError("it started");
    } catch (CompletionException e) {
      started.remove(started.size() - 1).stop().join();
      assertThat(e).hasCauseInstanceOf(EmbeddedRedisException.class);
      assertThat(e.getCause().getMessage()).doesNotContain("\n");
      return e.getCause().getMessage();
    }
  }

  /** As Debian has it: the name leads to a program of another name. */
  private Path withARealServer() throws IOException {
    Path programs = Files.createDirectories(root.resolve("usr-bin"));
    Path bundled = RedisProgram.install(root.resolve("unpacked"));
    Path check = Files.copy(bundled, programs.resolve("redis-check-rdb"));
    assertThat(check.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(programs.resolve("redis-server"), Path.of("redis-check-rdb"));
    return programs;
  }

  private Path saying(String directory, String name, String line) throws IOException {
    Path programs = Files.createDirectories(root.resolve(directory));
    Path program = Files.writeString(programs.resolve(name), SAYS.formatted(line));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return programs;
  }

  private static Object call(EmbeddedRedis redis, String... command) {
    try (RespClient client = RespClient.connect(URI.create(redis.url()))) {
      return client.call(command);
    }
  }

  @Test
  void auto_whereThePathHasNone_isTheBundledOne() {
    EmbeddedRedis redis = start("auto", root.resolve("nowhere"));

    assertThat(redis.program()).contains("data/bin/redis-server-7.0.15");
    assertThat(call(redis, "PING")).isEqualTo("PONG");
  }

  @Test
  void auto_whereThePathHasOne_isThatOneAndSaysSo() throws IOException {
    Path old = saying("old", "redis-server", OLDER);

    EmbeddedRedis redis = start("auto", old, withARealServer());

    assertThat(redis.program()).endsWith("usr-bin/redis-server (redis 7.0.15)");
    assertThat(call(redis, "PING")).isEqualTo("PONG");
  }

  @Test
  void path_thatIsNoNewServer_isRefusedInOneLine() throws IOException {
    String old = saying("old", "redis-server", OLDER).resolve("redis-server").toString();

    assertThat(refusal(old)).contains(old, "7.0 or newer", "redis 6.2.14");
    assertThat(refusal("/bin/sh")).contains("/bin/sh is no redis-server");
    assertThat(refusal(root.resolve("none").toString())).contains("none is no redis-server");
  }

  @Test
  void directory_writtenByANewerOne_isNotOpened() throws Exception {
    stop(start("bundled"));
    Path record = root.resolve("data/redis.program");
    assertThat(record).content().startsWith("redis 7.0.15\n");
    Files.writeString(record, "redis 7.4.1\n/usr/bin/redis-server\n");

    assertThat(refusal("auto", withARealServer()))
        .contains("was written by redis 7.4.1", "redis 7.0.15", "--redis-server");
    assertThat(refusal("bundled")).contains("was written by redis 7.4.1");
    assertThat(record).content().startsWith("redis 7.4.1\n");
  }

  /** One that is new enough to be trusted begins, and its version is remembered before it does. */
  @Test
  void directory_openedByANewerOne_remembersIt() throws Exception {
    stop(start("bundled"));

    assertThat(refusal("auto", saying("new", "redis-server", NEWER))).contains("did not start");

    assertThat(root.resolve("data/redis.program")).content().startsWith("redis 7.9.9\n");
    assertThat(refusal("bundled")).contains("was written by redis 7.9.9");
  }

  @Test
  void directory_whoseRecordIsDamaged_isNotOpened() throws Exception {
    stop(start("bundled"));
    Files.writeString(root.resolve("data/redis.program"), "");

    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> start("bundled"))
        .withMessageContaining("redis.program does not tell");
  }

  /**
   * The record of its process is what a killed coordinator leaves; the next has another program.
   */
  @Test
  void leftOver_ofALinkedProgram_isEndedByAStartWithAnother() throws Exception {
    Path linked = withARealServer();
    ProcessHandle leftOver = leaveBehind(linked);

    EmbeddedRedis redis = start("bundled");

    assertThat(leftOver.isAlive()).isFalse();
    assertThat(call(redis, "GET", "k")).isEqualTo("v");
  }

  private ProcessHandle leaveBehind(Path linked) throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RedisHolder.class.getName(),
                root.resolve("data").toString(),
                linked.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String url =
          holder
              .inputReader()
              .lines()
              .filter(line -> line.startsWith("ready "))
              .findFirst()
              .orElseThrow()
              .substring("ready ".length());
      try (RespClient client = RespClient.connect(URI.create(url))) {
        client.call("CONFIG", "SET", "appendfsync", "always");
        client.call("SET", "k", "v");
      }
      Path pid = root.resolve("data/redis.pid");
      return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    } finally {
      holder.destroyForcibly();
      holder.onExit().get(SOON.toSeconds(), SECONDS);
    }
  }
}
