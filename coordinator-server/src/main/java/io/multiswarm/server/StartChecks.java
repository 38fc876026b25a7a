package io.multiswarm.server;

import io.multiswarm.server.auth.Tokens;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.tls.TlsMaterial;
import io.multiswarm.server.tls.TlsSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What an operator should know of a configuration before others find out: a line each. */
final class StartChecks {

  private StartChecks() {}

  /** Reads the files that the configuration names. Blocks. */
  static List<String> lines(ServerConfig config, Instant now) {
    List<String> lines = new ArrayList<>();
    ServerConfig.Security security = config.security();
    TlsSettings tls = security.tls();
    lines.add(
        "exposed: %s port %d, %s; Redis %s"
            .formatted(
                config.listening().host(),
                config.listening().port(),
                tls == null ? "without TLS" : "TLS only",
                config.redis()));
    lines.add(
        "open without a token: /healthz, /readyz, /v1/asyncapi.json, the dashboard, /clients/"
            + (security.metricsOpen() || !security.auth().isOn() ? ", /metrics" : ""));
    if (tls != null) {
      lines.add(TlsMaterial.open(tls).value().describe(now));
    }
    new Tokens(security.auth()).describe().forEach(lines::add);
    return lines;
  }
}
