package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work trees of a repository, each on a branch of its own. A branch with commits that nothing else
 * has stays, whatever becomes of its tree, and is not begun anew; one without goes with its tree.
 */
final class WorkTrees {

  private static final Logger log = LoggerFactory.getLogger(WorkTrees.class);

  private static final String BRANCHES = "multiswarm/";
  private static final String HEADS = "refs/heads/";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");
  private static final int MOST_OF_A_NAME = 1_000;

  /** Where a directory keeps the name of its tree's branch. */
  private static final String NOTE = "branch";

  /** What a runner that is started by a hook of Git has, and would work on another repository. */
  private static final Set<String> OF_OTHERS =
      Set.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX");

  private final Path repository;
  private final String revision;

  WorkTrees(Path repository, String revision) {
    this.repository = repository;
    this.revision = revision;
  }

  /**
   * Makes one.
   *
   * @param root where its branch is noted
   */
  void add(Path root, Path tree, TaskKey key) throws IOException {
    git("worktree", "prune");
    String branch = freeName(key);
    Files.writeString(root.resolve(NOTE), branch);
    git("worktree", "add", "-b", branch, tree.toString(), revision);
  }

  /** The branch of a directory's tree; null when it has none. */
  static @Nullable String branch(Path root) throws IOException {
    Path note = root.resolve(NOTE);
    String name = Files.isRegularFile(note) ? Files.readString(note) : "";
    return name.startsWith(BRANCHES) ? name : null;
  }

  /** Removes one; fails when it has changes that are not committed. */
  void remove(Path root, Path tree) throws IOException {
    String branch = branch(root);
    if (Files.exists(tree)) {
      git("worktree", "remove", tree.toString());
    }
    if (branch != null) {
      removed(branch);
    }
  }

  /** The tree of that branch is gone. */
  void removed(String branch) throws IOException {
    git("worktree", "prune");
    if (!exists(branch)) {
      return;
    }
    if (hasCommits(branch)) {
      log.info("commits are on the branch {}", branch);
    } else {
      git("branch", "-D", branch);
    }
  }

  /** Of another task, or of one before with the same id, there may be a branch by that name. */
  private String freeName(TaskKey key) throws IOException {
    // Names of references have no two dots.
    String wanted = BRANCHES + key.fileName().replace("..", "--");
    for (int i = 1; i <= MOST_OF_A_NAME; i++) {
      String name = i == 1 ? wanted : wanted + "-" + i;
      if (!exists(name)) {
        return name;
      }
    }
    throw new IOException("there are %d branches %s already".formatted(MOST_OF_A_NAME, wanted));
  }

  private boolean exists(String branch) throws IOException {
    return run("show-ref", "--verify", "--quiet", HEADS + branch).code() == 0;
  }

  /** Whether it has commits that no other reference has. */
  private boolean hasCommits(String branch) throws IOException {
    String name = HEADS + branch;
    return git("rev-list", "--max-count=1", name, "--not", "--exclude=" + name, "--all")
        .lines()
        .anyMatch(line -> COMMIT.matcher(line).matches());
  }

  private String git(String... arguments) throws IOException {
    Answer answer = run(arguments);
    if (answer.code() != 0) {
      throw new IOException("git " + arguments[0] + ": " + answer.said());
    }
    return answer.said();
  }

  /**
   * What Git said.
   *
   * @param said warnings, too
   */
  private record Answer(int code, String said) {}

  private Answer run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(OF_OTHERS);
    Process git = builder.start();
    git.getOutputStream().close();
    String said = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      return new Answer(git.waitFor(), said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("git " + arguments[0] + " was interrupted", e);
    }
  }
}
