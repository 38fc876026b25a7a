package io.multiswarm.server.mcp;

import io.multiswarm.server.auth.Authentication;
import io.multiswarm.server.auth.Proxies;
import io.multiswarm.server.auth.Tokens;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.websocket.Doorkeeper;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** Our endpoint with the fixtures of the conformance suite in the places of our tools. */
public final class FixtureServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Scheduler scheduler = Schedulers.newParallel("fixtures", 1, true);
  private final LoopResources loops = LoopResources.create("fixtures", 1, true);
  private final DisposableServer server;

  public FixtureServer() {
    this(new LegacyFixtures()::serve);
  }

  /**
   * @param sessions gives the legacy era its sessions
   */
  FixtureServer(Consumer<LegacyEra> sessions) {
    Replies replies = new Replies(Fixtures.MAPPER, scheduler);
    LegacyEra legacy = new LegacyEra(Fixtures.MAPPER, replies, scheduler, 1_000);
    sessions.accept(legacy);
    ModernEra modern = new ModernEra(new ModernFixtures().server(), replies);
    Doorkeeper door =
        new Doorkeeper(
            new Authentication(new Tokens(ServerConfig.Security.NONE.auth()), scheduler),
            new Proxies(List.of()),
            new Doorkeeper.Numbers(1_000, 1_000, 0));
    McpEndpoint endpoint =
        new McpEndpoint(
            door,
            new Hosts(List.of(), false),
            new RequestBody(new NodeBuffers(64 << 20), 1 << 20, PATIENCE, scheduler),
            replies,
            new ResourceMetadata(null, false, door),
            new McpEndpoint.Eras(legacy, modern));
    server =
        HttpServer.create()
            .runOn(loops)
            .host("127.0.0.1")
            .port(0)
            .handle(endpoint::handle)
            .bindNow(PATIENCE);
  }

  public String url() {
    return "http://127.0.0.1:" + server.port() + "/mcp";
  }

  @Override
  public void close() {
    server.disposeNow(PATIENCE);
    loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
    scheduler.dispose();
  }
}
