package io.multiswarm.server.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a redis-server writes: passed on to our log, and read for the moment in which it accepts
 * connections. Its own warnings are warnings in our log while it serves; around its start and its
 * end they are routine.
 */
final class RedisLog {

  private static final Logger log = LoggerFactory.getLogger(RedisLog.class);

  /** {@code 4242:M 22 Nov 2026 17:46:54.985 * Ready to accept connections}. */
  private static final Pattern LINE = Pattern.compile("\\d+:\\w \\S+ \\S+ \\S+ \\S+ ([.*#-]) (.*)");

  private final Process process;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile boolean endExpected;
  private String lastLine = "it wrote nothing";

  RedisLog(Process process) {
    this.process = process;
    Thread thread = new Thread(this::read, "redis-server-log");
    thread.setDaemon(true);
    thread.start();
  }

  CompletableFuture<Void> ready() {
    return ready;
  }

  void expectEnd() {
    endExpected = true;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        accept(line);
      }
    } catch (IOException e) {
      // The pipe breaks when the process ends, which is told below.
      log.debug("redis-server's output ended", e);
    }
    ready.completeExceptionally(
        new EmbeddedRedisException("redis-server did not start: " + lastLine));
  }

  private void accept(String line) {
    Matcher matcher = LINE.matcher(line);
    boolean isLogLine = matcher.matches();
    String text = isLogLine ? matcher.group(2) : line;
    if (isLogLine && matcher.group(1).equals("#") && ready.isDone() && !endExpected) {
      log.warn("redis-server: {}", text);
    } else {
      log.debug("redis-server: {}", text);
    }
    if (!text.isBlank()) {
      lastLine = text;
    }
    if (text.startsWith("Ready to accept connections")) {
      ready.complete(null);
    }
  }
}
