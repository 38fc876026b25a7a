package io.multiswarm.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A data directory, held exclusively until it is closed. The operating system gives the lock back
 * when the process dies, however it dies, and a child does not inherit it.
 */
final class DataDirectory implements AutoCloseable {

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Creates the directory if need be, for its owner alone, and locks it.
   *
   * @throws EmbeddedRedisException when it cannot be written, or another process holds it
   */
  static DataDirectory open(Path directory) {
    try {
      Files.createDirectories(directory, ownerOnly());
      Path path = directory.toRealPath();
      FileChannel lockFile =
          FileChannel.open(path.resolve("coordinator.lock"), CREATE, READ, WRITE);
      if (tryLock(lockFile) == null) {
        String holder = readText(lockFile);
        lockFile.close();
        throw new EmbeddedRedisException(
            "data directory %s is in use by another coordinator (process %s): stop it, or give this one its own --data-dir"
                .formatted(path, holder));
      }
      writeText(lockFile, Long.toString(ProcessHandle.current().pid()));
      return new DataDirectory(path, lockFile);
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "data directory %s cannot be used (%s): give another --data-dir".formatted(directory, e),
          e);
    }
  }

  Path path() {
    return path;
  }

  /**
   * Where redis-server programs lie. Nobody but a coordinator with this data directory runs them.
   */
  Path programs() {
    return path.resolve("bin");
  }

  /** Which program has served this directory last. */
  Path programFile() {
    return path.resolve("redis.program");
  }

  /**
   * Where redis-server writes its process id before it opens its data, and which it removes when it
   * ends in order.
   */
  Path pidFile() {
    return path.resolve("redis.pid");
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      // The lock is gone with the process at the latest, and nothing was written through the
      // channel.
      throw new EmbeddedRedisException("data directory %s cannot be unlocked".formatted(path), e);
    }
  }

  static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return null;
    }
  }

  private static String readText(FileChannel file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(32);
    file.read(buffer, 0);
    return UTF_8.decode(buffer.flip()).toString().strip();
  }

  private static void writeText(FileChannel file, String text) throws IOException {
    file.truncate(0);
    file.write(UTF_8.encode(text + "\n"), 0);
  }
}
