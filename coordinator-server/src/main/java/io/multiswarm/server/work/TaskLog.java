package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a command wrote, both outputs as they came: its beginning, and when it is over the limit,
 * its end. A disk that is full ends the log and not the command, which would be ended if nobody
 * read its outputs.
 */
final class TaskLog implements Closeable {

  private static final int LONGEST_END = 64 * 1024;

  private final OutputStream file;
  private final long limit;
  private final TaskOutput.Tail end;
  private long kept;
  private @Nullable IOException failure;

  private TaskLog(OutputStream file, long limit) {
    this.file = file;
    this.limit = limit;
    this.end = new TaskOutput.Tail((int) Math.max(1, Math.min(LONGEST_END, limit)));
  }

  static TaskLog create(Path path, long limit) throws IOException {
    return new TaskLog(Files.newOutputStream(path), limit);
  }

  synchronized void write(byte[] bytes, int length) {
    int fits = (int) Math.min(length, limit - kept);
    kept += fits;
    try {
      if (failure == null) {
        file.write(bytes, 0, fits);
      }
    } catch (IOException e) {
      failure = e;
    }
    if (fits < length) {
      byte[] rest = new byte[length - fits];
      System.arraycopy(bytes, fits, rest, 0, rest.length);
      end.add(rest, rest.length);
    }
  }

  /** Fails with what was wrong with the writing, if anything was. */
  @Override
  public synchronized void close() throws IOException {
    try (file) {
      if (failure != null) {
        throw failure;
      }
      byte[] last = end.bytes();
      long dropped = end.written() - last.length;
      if (dropped > 0) {
        file.write("\n[%d bytes are not kept]\n".formatted(dropped).getBytes(UTF_8));
      }
      file.write(last);
    }
  }
}
