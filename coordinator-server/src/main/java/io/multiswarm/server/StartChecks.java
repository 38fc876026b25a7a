package io.multiswarm.server;

import io.multiswarm.server.auth.Tokens;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.tls.TlsMaterial;
import io.multiswarm.server.tls.TlsSettings;
import java.nio.file.Path;
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
    if (config.fleets().size() > 1) {
      lines.add(
          "fleets: %s; a session that names none, and whose token names none, is in %s"
              .formatted(String.join(", ", config.fleets()), config.fleets().get(0)));
    }
    if (tls != null) {
      lines.add(TlsMaterial.open(tls).value().describe(now));
    }
    new Tokens(security.auth()).describe().forEach(lines::add);
    return lines;
  }

  /** All that there is to tell, for who asks before starting. Blocks. */
  static List<String> report(ServerConfig config, Instant now) {
    List<String> lines = new ArrayList<>(lines(config, now));
    warnings(config).forEach(warning -> lines.add("warning: " + warning));
    return lines;
  }

  /** Of the files with secrets, those that others can read. Blocks. */
  static List<String> warnings(ServerConfig config) {
    List<String> warnings = new ArrayList<>();
    TlsSettings tls = config.security().tls();
    if (tls != null) {
      SecretFile.exposure("TLS_KEY_FILE", tls.key()).ifPresent(warnings::add);
    }
    for (Path secret : config.security().auth().jwtSecretFiles()) {
      SecretFile.exposure("AUTH_JWT_SECRET_FILE", secret).ifPresent(warnings::add);
    }
    Path tokens = config.security().auth().tokensFile();
    if (tokens != null) {
      SecretFile.exposure("AUTH_TOKENS_FILE", tokens).ifPresent(warnings::add);
    }
    return warnings;
  }
}
