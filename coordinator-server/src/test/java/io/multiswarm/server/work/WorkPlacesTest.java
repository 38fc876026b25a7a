package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkPlacesTest {

  @TempDir private Path directory;

  private StateDirectory state;

  @BeforeEach
  void begin() throws Exception {
    state = StateDirectory.open(directory.resolve("state"));
  }

  @AfterEach
  void end() throws Exception {
    state.close();
  }

  private WorkPlaces places(boolean perTask, @Nullable Path repository) {
    return places(perTask, repository, "HEAD");
  }

  private WorkPlaces places(boolean perTask, @Nullable Path repository, String revision) {
    return new WorkPlaces(
        state,
        new WorkSettings.Places(
            directory.resolve("state"), directory, perTask, repository, revision, 1_000));
  }

  private static Lease lease(String task) {
    return new Lease(new TaskKey(task, 1), Json.parse("{\"id\":\"x\"}"), Duration.ofSeconds(30));
  }

  private String git(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C"));
    command.add(directory.resolve("repo").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private Path repository() throws Exception {
    Path repository = Files.createDirectories(directory.resolve("repo"));
    git("init", "-q");
    Files.writeString(repository.resolve("file"), "1");
    git("add", "file");
    git("commit", "-q", "-m", "first");
    return repository;
  }

  /**
   * A tree whose paths are longer than the system takes, which nobody's rights can remove by them.
   */
  private static void makeEndless(Path directory) throws Exception {
    String script = "import os\nfor i in range(40):\n os.mkdir('d' * 200)\n os.chdir('d' * 200)\n";
    Process python =
        new ProcessBuilder("/usr/bin/python3", "-c", script).directory(directory.toFile()).start();
    assertThat(python.waitFor()).isZero();
  }

  private static void removeEndless(Path directory) throws Exception {
    assertThat(new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor()).isZero();
  }

  @Test
  void directories_thatCannotBeRemoved_keepNoTaskFromRunning() throws Exception {
    WorkPlaces places = places(true, null);
    Path stuck = places.prepare(lease("a")).directory();
    makeEndless(stuck);
    try {
      places.leave(lease("a").key(), true);
      assertThat(stuck).exists();
      for (int i = 0; i < 25; i++) {
        places.prepare(lease("b" + i));
        places.leave(lease("b" + i).key(), false);
      }
      assertThat(state.tasks().resolve("b24.1")).exists();
      assertThat(state.tasks().resolve("b1.1")).doesNotExist();
    } finally {
      removeEndless(stuck);
    }
  }

  @Test
  void directory_thatMayNotBeRead_isRemoved() throws Exception {
    WorkPlaces places = places(true, null);
    WorkPlaces.Place place = places.prepare(lease("t"));
    Path inside = Files.createDirectories(place.directory().resolve("a/b"));
    Files.createFile(inside.resolve("f"));
    Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setPosixFilePermissions(
        place.directory().resolve("a"), PosixFilePermissions.fromString("---------"));
    places.leave(lease("t").key(), true);
    assertThat(place.input().getParent()).doesNotExist();
  }

  @Test
  void sharedDirectory_isTheRunnersOwn() throws Exception {
    WorkPlaces places = places(false, null);
    WorkPlaces.Place place = places.prepare(lease("t"));
    assertThat(place.directory()).isEqualTo(directory);
    assertThat(place.input()).hasContent("{\"id\":\"x\"}");
    places.leave(new TaskKey("t", 1), true);
    assertThat(place.input().getParent()).doesNotExist();
  }

  @Test
  void freshDirectory_isEmpty_andStaysWhenTheTaskFailed() throws Exception {
    WorkPlaces places = places(true, null);
    Path first = places.prepare(lease("t")).directory();
    Files.writeString(first.resolve("left"), "x");
    places.leave(new TaskKey("t", 1), false);
    assertThat(first.resolve("left")).exists();
    assertThat(places.prepare(lease("t")).directory()).isEmptyDirectory();
  }

  @Test
  void failedDirectories_overTheirNumber_makeRoomButThoseInUseDoNot() throws Exception {
    WorkPlaces places = places(true, null);
    Path used = places.prepare(lease("used")).directory();
    for (int i = 0; i < 40; i++) {
      places.prepare(lease("t" + i));
      places.leave(new TaskKey("t" + i, 1), false);
    }
    assertThat(used).exists();
    assertThat(state.tasks().toFile().list()).hasSizeLessThanOrEqualTo(21);
    assertThat(state.task(new TaskKey("t39", 1))).exists();
  }

  @Test
  void workTree_withCommits_leavesThemOnItsBranch() throws Exception {
    Path repository = repository();
    WorkPlaces places = places(true, repository);
    Path tree = places.prepare(lease("a..b")).directory();
    assertThat(tree.resolve("file")).hasContent("1");
    Files.writeString(tree.resolve("file"), "2");
    git("-C", tree.toString(), "commit", "-q", "-a", "-m", "second");
    places.leave(new TaskKey("a..b", 1), true);
    assertThat(tree).doesNotExist();
    assertThat(git("show", "multiswarm/a--b.1:file")).isEqualTo("2");
  }

  @Test
  void workTree_withoutChanges_leavesNothing() throws Exception {
    WorkPlaces places = places(true, repository());
    Path tree = places.prepare(lease("t")).directory();
    places.leave(new TaskKey("t", 1), true);
    assertThat(tree).doesNotExist();
    assertThat(git("branch", "--list", "multiswarm/*")).isEmpty();
    assertThat(git("worktree", "list").lines()).hasSize(1);
  }

  /** Of a branch that is not merged, which is what Git asks before it deletes one. */
  @Test
  void workTree_ofARevisionOffTheHead_leavesNothing() throws Exception {
    Path repository = repository();
    git("checkout", "-q", "-b", "side");
    git("commit", "-q", "--allow-empty", "-m", "aside");
    git("checkout", "-q", "--detach", "HEAD~1");
    WorkPlaces places = places(true, repository, "side");
    places.prepare(lease("t"));
    places.leave(new TaskKey("t", 1), true);
    assertThat(git("branch", "--list", "multiswarm/*")).isEmpty();
  }

  @Test
  void workTrees_ofTasksOfOneName_keepTheCommitsOfEach() throws Exception {
    WorkPlaces places = places(true, repository());
    for (String content : List.of("2", "3")) {
      Path tree = places.prepare(lease("t")).directory();
      Files.writeString(tree.resolve("file"), content);
      git("-C", tree.toString(), "commit", "-q", "-a", "-m", content);
      places.leave(new TaskKey("t", 1), true);
    }
    assertThat(git("show", "multiswarm/t.1:file")).isEqualTo("2");
    assertThat(git("show", "multiswarm/t.1-2:file")).isEqualTo("3");
  }

  @Test
  void workTrees_ofFailedTasks_goWithTheirBranchesButNotWithCommits() throws Exception {
    WorkPlaces places = places(true, repository());
    Path tree = places.prepare(lease("committed")).directory();
    git("-C", tree.toString(), "commit", "-q", "--allow-empty", "-m", "second");
    places.leave(new TaskKey("committed", 1), false);
    for (int i = 0; i < 25; i++) {
      places.prepare(lease("t" + i));
      places.leave(new TaskKey("t" + i, 1), false);
    }
    assertThat(tree).doesNotExist();
    assertThat(git("branch", "--list", "multiswarm/*").lines())
        .hasSizeLessThanOrEqualTo(21)
        .anyMatch(line -> line.contains("committed"));
    assertThat(git("worktree", "list").lines()).hasSizeLessThanOrEqualTo(21);
  }

  @Test
  void workTree_withUncommittedChanges_isKept() throws Exception {
    WorkPlaces places = places(true, repository());
    Path tree = places.prepare(lease("t")).directory();
    Files.writeString(tree.resolve("file"), "2");
    places.leave(new TaskKey("t", 1), true);
    assertThat(tree.resolve("file")).hasContent("2");
  }

  @Test
  void stateDirectory_ofARunnerThatLives_isRefused() {
    assertThatThrownBy(() -> StateDirectory.open(directory.resolve("state")))
        .isInstanceOf(WorkException.class)
        .hasMessageContaining("works in");
  }

  @Test
  void logs_overTheirNumber_makeRoom() throws Exception {
    for (int i = 0; i < 1_010; i++) {
      Files.writeString(state.log(new TaskKey("t" + i, 1)), "");
    }
    assertThat(directory.resolve("state/logs").toFile().list()).hasSize(1_000);
  }
}
