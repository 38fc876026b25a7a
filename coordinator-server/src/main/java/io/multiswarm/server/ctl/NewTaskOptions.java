package io.multiswarm.server.ctl;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.server.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a task has beside its description. */
final class NewTaskOptions {

  @Option(names = "--from", paramLabel = "<swarm>", description = "In whose name.")
  @Nullable String from;

  @Option(
      names = "--id",
      paramLabel = "<id>",
      description = "Its id; the same again is the same task.")
  @Nullable String id;

  @Option(names = "--type", paramLabel = "<word>", description = "Its type.")
  @Nullable String type;

  @Option(names = "--priority", paramLabel = "<word>", description = "high, normal or low.")
  @Nullable String priority;

  @Option(
      names = "--capability",
      split = ",",
      paramLabel = "<word>",
      description = "Required of who takes it.")
  List<String> capabilities = List.of();

  @Option(names = "--data", paramLabel = "<json>", description = "For the worker.")
  @Nullable String data;

  @Option(
      names = "--max-attempts",
      paramLabel = "<n>",
      description = "Until it is dead, 3 by default.")
  @Nullable Integer maxAttempts;

  @Option(
      names = "--lease",
      paramLabel = "<duration>",
      description = "How long a worker may be silent, 30s by default.")
  @Nullable String lease;

  @Option(names = "--delay", paramLabel = "<duration>", description = "Not before.")
  @Nullable String delay;

  @Option(names = "--strategy", paramLabel = "<word>", description = "By which it is given away.")
  @Nullable String strategy;

  @Option(
      names = "--dedupe-key",
      paramLabel = "<text>",
      description = "The same again is the same task.")
  @Nullable String dedupeKey;

  Map<String, Json> members() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.putAll(
        Console.params(
                "id",
                id,
                "type",
                type,
                "priority",
                priority,
                "data",
                json("--data", data),
                "maxAttempts",
                maxAttempts,
                "timeoutMs",
                Times.millis("--lease", lease),
                "delayMs",
                Times.millis("--delay", delay),
                "strategy",
                strategy,
                "dedupeKey",
                dedupeKey)
            .members());
    if (!capabilities.isEmpty()) {
      members.put("capabilities", Json.of(capabilities));
    }
    return members;
  }

  static @Nullable Json json(String flag, @Nullable String given) {
    if (given == null) {
      return null;
    }
    try {
      return Json.parse(given);
    } catch (CoordinationException e) {
      throw new ConfigException(
          flag + ": is no JSON; a text has its quotes too: '\"text\"' (" + e.message() + ")");
    }
  }
}
