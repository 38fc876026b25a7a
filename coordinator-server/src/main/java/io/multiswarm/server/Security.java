package io.multiswarm.server;

import io.multiswarm.server.auth.Authentication;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Proxies;
import io.multiswarm.server.auth.Tokens;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.files.FileWatch;
import io.multiswarm.server.files.WatchedFiles;
import io.multiswarm.server.http.MetricsGate;
import io.multiswarm.server.mcp.McpServing;
import io.multiswarm.server.methods.Admissions;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.tls.TlsMaterial;
import io.multiswarm.server.tls.TlsSettings;
import io.multiswarm.server.websocket.Doorkeeper;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** What stands between the network and the methods: tokens, TLS, limits of connections. */
final class Security {

  private final ServerConfig config;
  private final Tokens tokens;
  private final Authentication authentication;
  private final Admissions admissions;
  private final @Nullable WatchedFiles<TlsMaterial> tls;

  /** Reads the files. Blocks. */
  Security(ServerConfig config, Scheduler scheduler) {
    this.config = config;
    this.tokens = new Tokens(config.security().auth());
    this.authentication = new Authentication(tokens, scheduler);
    this.admissions = new Admissions(authentication, config.limits().connectionsPerPrincipal());
    TlsSettings settings = config.security().tls();
    this.tls = settings == null ? null : TlsMaterial.open(settings);
  }

  Admissions admissions() {
    return admissions;
  }

  Doorkeeper door() {
    ServerConfig.Limits limits = config.limits();
    return new Doorkeeper(
        authentication,
        new Proxies(config.security().trustedProxies()),
        new Doorkeeper.Numbers(
            limits.connections(), limits.connectionsPerAddress(), limits.handshakes()));
  }

  /** How agents are let in, and what they may take. */
  McpServing mcp(String version) {
    return new McpServing(
        authentication.isOn(),
        config.security().auth().issuer(),
        tls != null,
        config.listening().allowedOrigins(),
        config.sessions().assemblyTimeout(),
        config.sessions().agentGrace(),
        config.limits().connections(),
        version);
  }

  /**
   * @param all whether somebody may be in every fleet
   */
  MetricsGate metricsGate(Predicate<Principal> all) {
    return new MetricsGate(authentication, config.security().metricsOpen(), all);
  }

  /** Null to speak without TLS. */
  @Nullable WatchedFiles<TlsMaterial> tls() {
    return tls;
  }

  /** Looks after the files and judges the sessions anew when they change, until disposed. */
  Disposable watch(SessionDirectory sessions, Scheduler scheduler) {
    FileWatch watch = new FileWatch();
    tokens.watch(watch, () -> sessions.all().forEach(this::recheck));
    if (tls != null) {
      watch.add(tls);
    }
    return watch.start(scheduler);
  }

  private void recheck(Session session) {
    session.peer().execute(() -> admissions.recheck(session));
  }
}
