package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multiswarm.server.files.Directories;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of tasks: {@code task.json}, {@code result.json} and, where each has a working
 * directory of its own, {@code work}. What was completed is removed; of the rest the newest are
 * kept to be looked at, and so is a work tree with changes that are not committed.
 */
final class WorkPlaces {

  private static final Logger log = LoggerFactory.getLogger(WorkPlaces.class);

  private static final int MOST_KEPT = 20;
  private static final String BRANCHES = "multiswarm/";

  private final StateDirectory state;
  private final WorkSettings.Places places;
  private final Set<Path> inUse = new HashSet<>();

  /** What cannot be removed, and was told. */
  private final Set<Path> stuck = new HashSet<>();

  WorkPlaces(StateDirectory state, WorkSettings.Places places) {
    this.state = state;
    this.places = places;
  }

  /**
   * A task's own files.
   *
   * @param directory where its command runs
   */
  record Place(Path input, Path result, Path directory) {}

  /** Makes one; may wait. */
  synchronized Place prepare(Lease lease) throws IOException {
    Path root = state.task(lease.key());
    makeRoom();
    Directories.delete(root);
    Files.createDirectories(root);
    inUse.add(root);
    Path input = Files.write(root.resolve("task.json"), lease.input().bytes());
    Path directory = places.directory();
    if (places.perTask()) {
      directory = root.resolve("work");
      checkOut(directory, lease.key());
    }
    return new Place(input, root.resolve("result.json"), directory);
  }

  private void checkOut(Path directory, TaskKey key) throws IOException {
    Path repository = places.repository();
    if (repository == null) {
      Files.createDirectories(directory);
      return;
    }
    git(repository, "worktree", "prune");
    git(repository, "worktree", "add", "-B", branch(key), directory.toString(), places.revision());
  }

  /** Names of references have no two dots. */
  private static String branch(TaskKey key) {
    return BRANCHES + key.fileName().replace("..", "--");
  }

  /** The task has ended; may wait. */
  synchronized void leave(TaskKey key, boolean completed) {
    Path root = state.task(key);
    inUse.remove(root);
    try {
      Path tree = root.resolve("work");
      Path repository = places.repository();
      if (completed && repository != null && Files.exists(tree)) {
        // Refused when there are changes that are not committed.
        git(repository, "worktree", "remove", tree.toString());
        deleteBranchWithoutCommits(repository, key);
      }
      if (completed) {
        Directories.delete(root);
      }
    } catch (IOException e) {
      log.warn("{} is kept: {}", root, why(e));
    }
  }

  private void deleteBranchWithoutCommits(Path repository, TaskKey key) {
    try {
      git(repository, "branch", "-d", branch(key));
    } catch (IOException e) {
      log.info("{}: its commits are on the branch {}", key, branch(key));
    }
  }

  private void makeRoom() throws IOException {
    List<Path> kept = new ArrayList<>(StateDirectory.oldest(state.tasks(), 0));
    kept.removeAll(inUse);
    kept.removeAll(stuck);
    kept.subList(0, Math.max(0, kept.size() - MOST_KEPT + 1)).forEach(this::remove);
  }

  /**
   * What one task left behind, such as another user's files, must not keep the next from running.
   */
  private void remove(Path old) {
    try {
      Directories.delete(old);
    } catch (IOException e) {
      log.warn("{} cannot be removed: {}", old, why(e));
      stuck.add(old);
    }
  }

  /** Without the path that it is about, which a command chose. */
  private static @Nullable String why(IOException failure) {
    return failure instanceof FileSystemException file
        ? "%s %s".formatted(file.getClass().getSimpleName(), file.getReason())
        : failure.getMessage();
  }

  private static void git(Path repository, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
    git.getOutputStream().close();
    String said = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (git.waitFor() != 0) {
        throw new IOException("git " + arguments[0] + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("git " + arguments[0] + " was interrupted", e);
    }
  }
}
