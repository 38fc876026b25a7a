package io.multiswarm.server.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The redis-server of a coordinator that was killed and could not stop it.
 *
 * <p>Two of them on the same data would destroy it, and a process id alone proves nothing: it may
 * belong to somebody else by now. A process is ended only when all of this holds:
 *
 * <ul>
 *   <li>redis-server wrote its id into this data directory, whose lock we hold. It does so before
 *       it opens its data, so there is no moment in which a kill leaves one behind unrecorded;
 *   <li>it runs a program that lies in this data directory, where coordinators alone look for one,
 *       or the one that this directory has recorded (Debian's {@code redis-server} is a link, and
 *       its process shows as {@code redis-check-rdb}), and does not work in another directory;
 *   <li>it is older than the record. Whoever was given the id later began after that.
 * </ul>
 */
final class LeftOver {

  private static final Logger log = LoggerFactory.getLogger(LeftOver.class);

  /**
   * Linux gives start times in terms of the boot time, which its clock's corrections move a little.
   */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  /** How Linux shows a program whose file was replaced while it ran. */
  private static final String REPLACED = " \\(deleted\\)$";

  /** What redis-server wrote, and when. */
  private record Entry(long pid, Instant writtenAt) {}

  private LeftOver() {}

  /**
   * Ends the left-over redis-server of this directory, if there is one; completes when none is
   * left.
   *
   * @throws EmbeddedRedisException when a process may be one, but it is not certain
   */
  static CompletableFuture<Void> end(DataDirectory directory) {
    Optional<Entry> entry = entry(directory.pidFile());
    Optional<ProcessHandle> candidate =
        entry.map(Entry::pid).flatMap(ProcessHandle::of).filter(p -> runsOurs(p, directory));
    if (candidate.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    ProcessHandle process = candidate.get();
    if (!beganBefore(entry.get().writtenAt(), process)) {
      throw new EmbeddedRedisException(
          "process %d runs a redis-server of %s but is younger than %s: stop it, or delete that file if it has nothing to do with this directory"
              .formatted(process.pid(), directory.path(), directory.pidFile()));
    }
    log.info("ending process {}, the redis-server of a coordinator that was killed", process.pid());
    return ProcessEnd.of(process);
  }

  private static Optional<Entry> entry(Path pidFile) {
    try {
      Instant writtenAt = Files.getLastModifiedTime(pidFile).toInstant();
      String text = Files.readString(pidFile).strip();
      return text.matches("\\d{1,10}")
          ? Optional.of(new Entry(Long.parseLong(text), writtenAt))
          : Optional.empty();
    } catch (IOException e) {
      // Nothing was left behind; or it cannot be read, and then the data cannot be either.
      return Optional.empty();
    }
  }

  private static boolean runsOurs(ProcessHandle process, DataDirectory directory) {
    Optional<Path> recorded = ProgramRecord.read(directory).map(ProgramRecord::file);
    return process
        .info()
        .command()
        .map(command -> Path.of(command.replaceFirst(REPLACED, "")))
        .filter(
            program ->
                program.startsWith(directory.programs())
                    || recorded.isPresent() && program.equals(recorded.get()))
        .filter(program -> !worksElsewhere(process, directory))
        .isPresent();
  }

  /** A program of the system serves others as well; Linux tells in which directory it does. */
  private static boolean worksElsewhere(ProcessHandle process, DataDirectory directory) {
    try {
      Path cwd = Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"));
      return !cwd.equals(directory.path());
    } catch (IOException | UnsupportedOperationException e) {
      // Another system, or another user's process: then it is not certain.
      return false;
    }
  }

  private static boolean beganBefore(Instant written, ProcessHandle process) {
    Instant latest = written.plus(CLOCK_TOLERANCE);
    return process.info().startInstant().filter(start -> start.isBefore(latest)).isPresent();
  }
}
