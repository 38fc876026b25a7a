package io.multiswarm.load;

import io.multiswarm.load.client.Door;
import io.multiswarm.load.faults.ServerPlan;
import io.multiswarm.load.scenario.Scenario.Need;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.RunningServer;
import io.multiswarm.load.target.ServerGroup;
import io.multiswarm.load.target.Target;
import io.multiswarm.load.target.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/** Which server is measured, and with what. */
final class ServerOptions {

  private static final URI NOWHERE = URI.create("ws://nowhere.invalid");

  @Option(
      names = "--url",
      paramLabel = "<ws://…>",
      split = ",",
      description =
          "A running server's WebSocket address; several of one installation, with commas, share the"
              + " sessions of messages and tasks. Without it a server is started and stopped again.")
  private List<URI> urls = new ArrayList<>();

  @Option(
      names = "--server-jar",
      paramLabel = "<file>",
      defaultValue = "coordinator-server/target/coordinator-server.jar",
      description = "The server to start. Default: ${DEFAULT-VALUE}")
  private Path serverJar = Path.of("");

  @Option(
      names = "--server-flag",
      paramLabel = "<flag>",
      description =
          "Given to the server that is started, as in --server-flag=--session-grace=5s. May be"
              + " repeated.")
  private List<String> serverFlags = new ArrayList<>();

  @Option(
      names = "--redis-url",
      paramLabel = "<redis://…>",
      description =
          "The Redis behind the server. A server that is started uses it; default: one of its own.")
  private @Nullable URI redis;

  @Option(
      names = "--nodes",
      paramLabel = "<n>",
      defaultValue = "1",
      description =
          "How many servers are started on one Redis and share the sessions of messages and tasks."
              + " Default: ${DEFAULT-VALUE}")
  private int nodes = 1;

  @Option(
      names = "--fleets",
      paramLabel = "<names>",
      split = ",",
      description =
          "Over which the sessions of messages and tasks are spread; what is started serves them all."
              + " Default: the fleet without a name")
  private List<String> fleets = new ArrayList<>();

  @Option(
      names = "--token",
      paramLabel = "<token>",
      description = "Sent as bearer token when connecting.")
  private @Nullable String token;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      defaultValue = "1",
      description =
          "Event loops of the harness. Default: ${DEFAULT-VALUE}, so that the server has the rest.")
  private int threads = 1;

  @Option(
      names = "--topology",
      paramLabel = "<kind>",
      defaultValue = "one",
      description =
          "Of what a Redis of our own is made: one process, sentinel (a master, replicas and three"
              + " Sentinels), or cluster (three masters with replicas). Default: ${DEFAULT-VALUE}")
  private Topology.Kind kind = Topology.Kind.ONE;

  @Option(
      names = "--replicas",
      paramLabel = "<n>",
      description = "Of each master. Default: 2 with sentinel, 1 with cluster")
  private @Nullable Integer replicas;

  Mono<Target> target(Need need, HttpClient http, Scheduler clock) {
    if (need == Need.NOTHING || (need == Need.REDIS && redis != null)) {
      return Mono.just(new RunningServer(NOWHERE, Optional.ofNullable(redis)));
    }
    if (!urls.isEmpty()) {
      return Mono.just(new RunningServer(Door.of(urls, fleets), Optional.ofNullable(redis)));
    }
    if (redis != null) {
      return servers().on(redis, http, clock);
    }
    return topology().isAlone()
        ? servers().withTheirRedis(http, clock)
        : topology()
            .start(Sync.EVERYSEC, clock)
            .flatMap(shared -> servers().on(shared, http, clock));
  }

  private ServerGroup servers() {
    return new ServerGroup(serverJar, serverFlags, nodes, fleets);
  }

  HttpClient authorized(HttpClient http) {
    return token == null
        ? http
        : http.headers(headers -> headers.set("Authorization", "Bearer " + token));
  }

  /** Whether a scenario will be told where Redis is: we were, or our own server says it. */
  boolean knowsRedis() {
    return redis != null || urls.isEmpty();
  }

  Topology topology() {
    return replicas == null ? kind.usual() : new Topology(kind, replicas);
  }

  /** For scenarios that know one process of Redis alone. */
  void requireOneRedis() {
    if (!topology().isAlone()) {
      throw new IllegalArgumentException(
          "This scenario is about a server on one Redis, so it takes no --topology");
    }
  }

  int threads() {
    return threads;
  }

  /** For scenarios that start servers themselves. */
  Path serverJar() {
    requireOwn("starts and kills servers of its own");
    return serverJar;
  }

  /** So many of them, with that lease. */
  ServerPlan plan(int count, Duration lease) {
    return new ServerPlan(count, lease, serverJar(), serverFlags(), topology());
  }

  /** For scenarios that kill Redis, or choose its program. */
  void requireOwnRedis() {
    if (redis != null) {
      throw new IllegalArgumentException(
          "This scenario is about a Redis of its own, so it takes no --redis-url");
    }
  }

  /**
   * @param why a scenario can't measure a server that runs already
   */
  void requireOwn(String why) {
    if (!urls.isEmpty() || nodes > 1 || !fleets.isEmpty()) {
      throw new IllegalArgumentException(
          "This scenario %s, so it takes no %s"
              .formatted(why, urls.isEmpty() ? "--nodes and no --fleets" : "--url"));
    }
  }

  List<String> serverFlags() {
    return serverFlags;
  }

  /**
   * @throws IllegalArgumentException in words for the person at the keyboard
   */
  void check() {
    for (URI url : urls) {
      if (!List.of("ws", "wss").contains(String.valueOf(url.getScheme()))) {
        throw new IllegalArgumentException("--url begins with ws:// or wss://, unlike " + url);
      }
    }
    if (servers().nodes() > 1 && !urls.isEmpty()) {
      throw new IllegalArgumentException(
          "--nodes are servers of our own, so there is no --url beside it");
    }
    if (!topology().isAlone() && (!urls.isEmpty() || redis != null)) {
      throw new IllegalArgumentException(
          "--topology is that of a Redis of our own, so there is no --url and no --redis-url beside it");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("--threads is at least 1, not " + threads);
    }
  }
}
