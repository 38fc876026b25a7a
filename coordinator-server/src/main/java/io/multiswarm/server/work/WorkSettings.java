package io.multiswarm.server.work;

import io.multiswarm.server.client.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a runner is told.
 *
 * @param endpoints of the nodes, tried in turn, with the token that is there by now; may wait
 */
public record WorkSettings(
    Supplier<List<Endpoint>> endpoints, Membership membership, Commands commands, Places places) {

  /**
   * The swarm that it is.
   *
   * @param slots how many tasks it takes at a time
   */
  public record Membership(
      String swarm, String objective, List<String> capabilities, String priority, int slots) {}

  /**
   * What it runs.
   *
   * @param secrets environment variables that the command does not get
   * @param retryAny whether every failure is tried again
   * @param limit how long a command may take
   * @param killAfter between SIGTERM and SIGKILL
   * @param drain how long a stopping runner lets commands go on
   */
  public record Commands(
      List<String> line,
      Set<String> secrets,
      boolean retryAny,
      Duration limit,
      Duration killAfter,
      Duration drain) {}

  /**
   * Where it keeps files.
   *
   * @param state its own directory
   * @param directory the commands' working directory, unless each has its own
   * @param perTask whether each has its own
   * @param repository of which a task's directory is a work tree; null for an empty one
   * @param revision what is checked out there
   * @param logBytes what is kept of what a command writes
   */
  public record Places(
      Path state,
      Path directory,
      boolean perTask,
      @Nullable Path repository,
      String revision,
      long logBytes) {}
}
