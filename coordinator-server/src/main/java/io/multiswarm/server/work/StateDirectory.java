package io.multiswarm.server.work;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a runner keeps between its lives: the key of its swarm, and the logs of its tasks. One
 * runner at a time, by a lock that ends with its process.
 */
final class StateDirectory implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StateDirectory.class);

  private static final int MOST_LOGS = 1_000;

  private final Path root;
  private final FileChannel lock;

  private StateDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Makes it if there is none. */
  static StateDirectory open(Path root) throws IOException {
    Files.createDirectories(root);
    // The logs and the key are nobody else's business.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    for (String name : List.of("logs", "tasks")) {
      Files.createDirectories(root.resolve(name));
    }
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new StateDirectory(root, channel);
      }
    } catch (OverlappingFileLockException inThisProcess) {
      // Told below.
    }
    channel.close();
    throw new WorkException(
        "a runner works in %s already: give another --swarm or --state-dir".formatted(root));
  }

  /** The swarm's key, if it was registered and not given up. */
  Optional<String> key() throws IOException {
    try {
      return Optional.of(Files.readString(keyFile()).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** So that a kill at any moment leaves the old key or the new one. */
  void keep(String key) throws IOException {
    Path next = root.resolve("key.next");
    Files.writeString(next, key + "\n");
    Files.move(next, keyFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  void forgetKey() throws IOException {
    Files.deleteIfExists(keyFile());
  }

  Path keyFile() {
    return root.resolve("key");
  }

  /** Where a task's log goes; the oldest of {@value #MOST_LOGS} makes room. */
  Path log(TaskKey key) throws IOException {
    Path logs = root.resolve("logs");
    for (Path old : oldest(logs, MOST_LOGS - 1)) {
      remove(old);
    }
    return logs.resolve(key.fileName() + ".log");
  }

  private static void remove(Path old) {
    try {
      Files.deleteIfExists(old);
    } catch (IOException e) {
      log.debug("{} is no log of ours: {}", old, e.toString());
    }
  }

  /** A task's own files. */
  Path task(TaskKey key) {
    return tasks().resolve(key.fileName());
  }

  Path tasks() {
    return root.resolve("tasks");
  }

  /** What is more than so many entries of a directory, the oldest first. */
  static List<Path> oldest(Path directory, int most) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (Stream<Path> listed = Files.list(directory)) {
      listed.forEach(entries::add);
    }
    if (entries.size() <= most) {
      return List.of();
    }
    entries.sort(Comparator.comparing(StateDirectory::time));
    return entries.subList(0, entries.size() - most);
  }

  private static FileTime time(Path path) {
    try {
      return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
