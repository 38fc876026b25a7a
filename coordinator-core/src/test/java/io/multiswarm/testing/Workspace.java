package io.multiswarm.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * This JVM's temporary directory: the binary, and a directory for each forked server with its
 * process id in {@code pid}.
 *
 * <p>A shell watches over it: its standard input is a pipe from this JVM, so it wakes up when the
 * JVM ends, even by SIGKILL or a crash, where a shutdown hook would not run; then it kills the
 * servers that are left and removes the directory. A build that was cut short leaves nothing
 * behind.
 */
final class Workspace {

  private static final String WATCH =
      """
      trap '' INT TERM HUP
      cat > /dev/null
      for f in "$0"/*/pid; do test -f "$f" && kill -9 "$(cat "$f")" 2> /dev/null; done
      rm -rf "$0"
      """;

  private final Path root;
  private final Path binary;
  private final AtomicInteger servers = new AtomicInteger();

  /** Only to keep the pipe open: a collected stream would be closed, and the servers killed. */
  @SuppressWarnings("unused")
  private final OutputStream lifeline;

  private Workspace() throws IOException {
    root = Files.createTempDirectory("multiswarm-test-");
    lifeline =
        new ProcessBuilder("sh", "-c", WATCH, root.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .getOutputStream();
    binary = RedisBinary.unpackTo(root);
  }

  static Workspace get() {
    return Holder.INSTANCE;
  }

  Path redisBinary() {
    return binary;
  }

  Path newServerDirectory() {
    try {
      return Files.createDirectory(root.resolve("redis-" + servers.incrementAndGet()));
    } catch (IOException e) {
      throw new UncheckedIOException("below " + root, e);
    }
  }

  private static final class Holder {
    static final Workspace INSTANCE = create();

    private static Workspace create() {
      try {
        return new Workspace();
      } catch (IOException e) {
        throw new UncheckedIOException("a directory for the tests' Redis", e);
      }
    }
  }
}
