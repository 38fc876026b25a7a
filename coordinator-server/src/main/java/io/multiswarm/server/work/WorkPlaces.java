package io.multiswarm.server.work;

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
 * kept to be looked at, among them work trees with changes that are not committed.
 */
final class WorkPlaces {

  private static final Logger log = LoggerFactory.getLogger(WorkPlaces.class);

  private static final int MOST_KEPT = 20;
  private static final String WORK = "work";

  private final StateDirectory state;
  private final WorkSettings.Places places;
  private final @Nullable WorkTrees trees;
  private final Set<Path> inUse = new HashSet<>();

  /** What cannot be removed, and was told. */
  private final Set<Path> stuck = new HashSet<>();

  WorkPlaces(StateDirectory state, WorkSettings.Places places) {
    this.state = state;
    this.places = places;
    Path repository = places.repository();
    this.trees = repository == null ? null : new WorkTrees(repository, places.revision());
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
      directory = root.resolve(WORK);
      if (trees == null) {
        Files.createDirectories(directory);
      } else {
        trees.add(root, directory, lease.key());
      }
    }
    return new Place(input, root.resolve("result.json"), directory);
  }

  /** The task has ended; may wait. */
  synchronized void leave(TaskKey key, boolean completed) {
    Path root = state.task(key);
    inUse.remove(root);
    try {
      if (completed && trees != null) {
        trees.remove(root, root.resolve(WORK));
      }
      if (completed) {
        Directories.delete(root);
      }
    } catch (IOException e) {
      log.warn("{} is kept: {}", root, why(e));
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
      String branch = trees == null ? null : WorkTrees.branch(old);
      Directories.delete(old);
      if (trees != null && branch != null) {
        trees.removed(branch);
      }
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
}
