package io.multiswarm.server.ctl;

import io.multiswarm.common.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which tasks; all must fit. */
final class TaskFilters {

  @Option(
      names = "--status",
      paramLabel = "<word>",
      description = "pending, assigned, completed, dead, cancelled.")
  @Nullable String status;

  @Option(names = "--swarm", paramLabel = "<id>", description = "Who has it, or ended it.")
  @Nullable String swarm;

  @Option(names = "--from", paramLabel = "<id>", description = "Who submitted it.")
  @Nullable String from;

  @Option(names = "--type", paramLabel = "<word>", description = "Its type.")
  @Nullable String type;

  @Option(names = "--capability", paramLabel = "<word>", description = "One that it requires.")
  @Nullable String capability;

  @Option(names = "--priority", paramLabel = "<word>", description = "high, normal or low.")
  @Nullable String priority;

  @Option(names = "--strategy", paramLabel = "<word>", description = "By which it is given away.")
  @Nullable String strategy;

  @Option(
      names = "--older",
      paramLabel = "<duration>",
      description = "Submitted longer ago: 10m, 2h.")
  @Nullable String older;

  Json params() {
    return Console.params(
        "status",
        status,
        "swarmId",
        swarm,
        "from",
        from,
        "type",
        type,
        "capability",
        capability,
        "priority",
        priority,
        "strategy",
        strategy,
        "olderThanMs",
        Times.millis("--older", older));
  }
}
