package io.multiswarm.server.work;

import io.multiswarm.server.client.Endpoint;
import io.multiswarm.server.client.ServerAccess;
import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.Durations;
import io.multiswarm.server.config.ServerCommand;
import io.multiswarm.server.config.Sizes;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code work … -- COMMAND}. */
@Command(
    name = "work",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a command a worker: runs it for each task that the swarm is given, the task on its standard input and in TASK_ID,"
          + " TASK_ATTEMPT, TASK_DEADLINE.",
      "Its exit code says what becomes of the task: 0 completed, 75 to be tried again, else failed; see docs/agents.md.",
      ""
    },
    footer = {
      "",
      "Durations: 500ms, 30s, 5m, 1h, 1d. Exit codes: 0 stopped, 1 failed, 2 wrong use."
    })
public final class WorkCommand implements ServerCommand.Action {

  private static final int MOST_SLOTS = 1_000;

  /** What the runner's own environment has for {@link ServerAccess}, and commands need not know. */
  private static final Set<String> SECRETS = Set.of("MULTISWARM_TOKEN");

  private final Map<String, String> environment;
  private final ToIntFunction<WorkSettings> runner;

  @Mixin private ServerAccess access = new ServerAccess();

  @Option(
      names = "--or-url",
      split = ",",
      paramLabel = "<url>",
      description = "Other nodes, tried in turn when the connection is lost.")
  List<String> others = List.of();

  @Option(
      names = "--swarm",
      required = true,
      paramLabel = "<id>",
      description = "The swarm that this runner is; one runner, one swarm.")
  String swarm = "";

  @Option(names = "--objective", paramLabel = "<text>", description = "[default: runs COMMAND]")
  @Nullable String objective;

  @Option(
      names = "--capability",
      split = ",",
      paramLabel = "<word>",
      description = "What it is able to do; tasks may ask for it.")
  List<String> capabilities = List.of();

  @Option(
      names = "--priority",
      paramLabel = "<word>",
      description = "high, normal, low [default ${DEFAULT-VALUE}]")
  String priority = "normal";

  @Option(
      names = "--slots",
      paramLabel = "<n>",
      description = "Tasks at a time [default ${DEFAULT-VALUE}]")
  int slots = 1;

  @Option(
      names = "--timeout",
      paramLabel = "<duration>",
      description = "How long a command may take [default ${DEFAULT-VALUE}]")
  String timeout = "1d";

  @Option(
      names = "--kill-after",
      paramLabel = "<duration>",
      description = "Between SIGTERM and SIGKILL [default ${DEFAULT-VALUE}]")
  String killAfter = "10s";

  @Option(
      names = "--drain",
      paramLabel = "<duration>",
      description =
          "How long commands may go on when the runner is told to stop; then their tasks are given back [default ${DEFAULT-VALUE}]")
  String drain = "30s";

  @Option(
      names = "--retry-all",
      description = "Every failure is tried again, not only 75, as often as the task allows.")
  boolean retryAll;

  @Option(names = "--cwd-per-task", description = "Each task in a fresh directory.")
  boolean perTask;

  @Option(
      names = "--git",
      paramLabel = "<repository>",
      description =
          "With --cwd-per-task: a work tree of it, on a branch of its own, multiswarm/TASK.ATTEMPT.")
  @Nullable Path repository;

  @Option(
      names = "--git-ref",
      paramLabel = "<revision>",
      description = "What is checked out [default ${DEFAULT-VALUE}]")
  String revision = "HEAD";

  @Option(
      names = "--state-dir",
      paramLabel = "<directory>",
      description = {
        "The swarm's key, logs, and tasks' directories.",
        "[XDG_STATE_HOME/multiswarm/SWARM, default ~/.local/state/multiswarm/SWARM]"
      })
  @Nullable Path state;

  @Option(
      names = "--log-limit",
      paramLabel = "<size>",
      description = "What is kept of what a command writes [default ${DEFAULT-VALUE}]")
  String logLimit = "10MiB";

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "What to run, after --.")
  List<String> command = List.of();

  private WorkCommand(Map<String, String> environment, ToIntFunction<WorkSettings> runner) {
    this.environment = environment;
    this.runner = runner;
  }

  /**
   * Creates the command.
   *
   * @param runner works until it is told to stop, and returns the exit code
   */
  public static CommandLine commandLine(
      Map<String, String> environment, ToIntFunction<WorkSettings> runner) {
    // What follows the command's name is the command's.
    return new CommandLine(new WorkCommand(environment, runner)).setStopAtPositional(true);
  }

  @Override
  public int run(PrintWriter out, PrintWriter err) {
    return runner.applyAsInt(settings());
  }

  WorkSettings settings() {
    if (slots < 1 || slots > MOST_SLOTS) {
      throw new ConfigException("--slots: 1 to " + MOST_SLOTS);
    }
    endpoints(); // refused here, if they cannot be used
    return new WorkSettings(
        this::endpoints,
        new WorkSettings.Membership(
            swarm,
            objective == null ? "Runs " + command.get(0) : objective,
            capabilities,
            priority,
            slots),
        new WorkSettings.Commands(
            command,
            SECRETS,
            retryAll,
            duration("--timeout", timeout),
            duration("--kill-after", killAfter),
            duration("--drain", drain)),
        places());
  }

  private List<Endpoint> endpoints() {
    Endpoint first = access.endpoint(environment);
    List<Endpoint> all = new ArrayList<>(List.of(first));
    try {
      others.forEach(
          url -> all.add(Endpoint.of(url, first.token(), first.trusted()).inFleet(first.fleet())));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--or-url: " + e.getMessage());
    }
    return all;
  }

  private WorkSettings.Places places() {
    if (repository != null && (!perTask || !Files.isDirectory(repository))) {
      throw new ConfigException(
          "--git: takes --cwd-per-task and a directory, and " + repository + " is given");
    }
    long bytes =
        Sizes.parse(logLimit)
            .orElseThrow(() -> new ConfigException("--log-limit: '" + logLimit + "' is no size"));
    Path here = Path.of("").toAbsolutePath();
    return new WorkSettings.Places(
        stateDirectory().toAbsolutePath(), here, perTask, repository, revision, bytes);
  }

  private Path stateDirectory() {
    if (state != null) {
      return state;
    }
    if (!swarm.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new ConfigException("--swarm: '" + swarm + "' is no id");
    }
    String home = environment.getOrDefault("HOME", "");
    String base = environment.getOrDefault("XDG_STATE_HOME", "");
    if (base.isEmpty() && home.isEmpty()) {
      throw new ConfigException("--state-dir: give one, for there is no HOME");
    }
    return (base.isEmpty() ? Path.of(home, ".local", "state") : Path.of(base))
        .resolve("multiswarm")
        .resolve(swarm);
  }

  private static Duration duration(String flag, String text) {
    return Durations.parse(text, ChronoUnit.MILLIS)
        .orElseThrow(() -> new ConfigException(flag + ": '" + text + "' is no duration"));
  }
}
