package io.multiswarm.load;

import io.multiswarm.load.peers.Lengths;
import io.multiswarm.load.peers.PeerPart;
import io.multiswarm.load.peers.PeersScenario;
import io.multiswarm.load.peers.PeersScenario.Plan;
import io.multiswarm.load.peers.ProgramSearch;
import io.multiswarm.load.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Tasks and messages beside BullMQ, JetStream, socket.io and bare Redis, in one run: what each reaches, and whether ours is as fast as was asked. Needs Node, npm, redis-server and nats-server.")
final class PeersCommand extends ScenarioCommand {

  @Option(
      names = "--only",
      paramLabel = "<part>",
      split = ",",
      description = "Measures these alone: ${COMPLETION-CANDIDATES}. Default: all of them")
  private Set<PeerPart> only = EnumSet.allOf(PeerPart.class);

  @Option(
      names = "--repeat",
      paramLabel = "<n>",
      defaultValue = "3",
      description =
          "Rounds, in each of which all have their turn; medians count. Default: ${DEFAULT-VALUE}")
  private int repeat;

  @Option(
      names = "--warmup",
      paramLabel = "<time>",
      defaultValue = "6s",
      description = "Before each measurement. Default: ${DEFAULT-VALUE}")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--duration",
      paramLabel = "<time>",
      defaultValue = "6s",
      description = "Of each measurement. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--redis-server",
      paramLabel = "<file>",
      description = "The program on which all are measured. Default: the one in the PATH")
  private @Nullable Path redisServer;

  @Option(
      names = "--packages",
      paramLabel = "<directory>",
      defaultValue = "load-tests/target/peers",
      description =
          "Where npm installs what the others' drivers need, once. Default: ${DEFAULT-VALUE}")
  private Path packages = Path.of("");

  @Override
  Scenario scenario() {
    server().requireOwn("starts servers of its own");
    server().requireOneRedis();
    server().requireOwnRedis();
    return new PeersScenario(
        new Plan(
            only,
            repeat,
            new Lengths(warmup, duration),
            ProgramSearch.along(
                Objects.requireNonNullElse(System.getenv("PATH"), ""),
                redisServer == null ? Map.of() : Map.of(PeersScenario.REDIS_SERVER, redisServer)),
            packages,
            new PeersScenario.Server(server().serverJar(), server().serverFlags())));
  }
}
