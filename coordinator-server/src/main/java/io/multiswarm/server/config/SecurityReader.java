package io.multiswarm.server.config;

import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.auth.Tokens;
import io.multiswarm.server.files.FileException;
import io.multiswarm.server.tls.TlsMaterial;
import io.multiswarm.server.tls.TlsSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the settings of tokens, TLS and limits, and looks whether their files can be used. */
record SecurityReader(SettingValues values) {

  private static final int MANY = 10_000_000;
  private static final int LEAST_HEADERS = 1 << 10;
  private static final int MOST_HEADERS = 1 << 20;
  private static final List<String> CLIENT_AUTH = List.of("required", "optional");

  ServerConfig.Security security() {
    AuthSettings auth =
        new AuthSettings(
            path(Setting.AUTH_TOKENS_FILE),
            values.list(Setting.AUTH_JWT_SECRET_FILE).stream()
                .map(text -> path(Setting.AUTH_JWT_SECRET_FILE, text))
                .toList(),
            path(Setting.AUTH_JWT_KEYS_FILE),
            values.text(Setting.AUTH_JWT_ISSUER).orElse(null),
            values.text(Setting.AUTH_JWT_AUDIENCE).orElse(null));
    TlsSettings tls = tls();
    try {
      new Tokens(auth).describe();
      if (tls != null) {
        TlsMaterial.open(tls);
      }
    } catch (FileException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
    return new ServerConfig.Security(
        auth, tls, trustedProxies(), values.bool(Setting.METRICS_OPEN));
  }

  private @Nullable TlsSettings tls() {
    Path certificates = path(Setting.TLS_CERT_FILE);
    Path key = path(Setting.TLS_KEY_FILE);
    Path authorities = path(Setting.TLS_CLIENT_CA_FILE);
    String clients = values.required(Setting.TLS_CLIENT_AUTH).strip().toLowerCase(Locale.ROOT);
    if (!CLIENT_AUTH.contains(clients)) {
      throw values.refused(Setting.TLS_CLIENT_AUTH, "is neither required nor optional");
    }
    if (certificates == null) {
      for (Setting setting : List.of(Setting.TLS_KEY_FILE, Setting.TLS_CLIENT_CA_FILE)) {
        if (values.isGiven(setting)) {
          throw values.refused(setting, "is of no use without TLS_CERT_FILE");
        }
      }
      return null;
    }
    return new TlsSettings(
        certificates, key == null ? certificates : key, authorities, clients.equals("required"));
  }

  private List<AddressRange> trustedProxies() {
    return values.list(Setting.TRUSTED_PROXIES).stream()
        .map(
            text ->
                AddressRange.parse(text)
                    .orElseThrow(
                        () ->
                            values.refused(
                                Setting.TRUSTED_PROXIES,
                                "is no list of addresses and ranges: write 10.0.0.0/8,192.168.1.7")))
        .toList();
  }

  ServerConfig.Limits limits() {
    return new ServerConfig.Limits(
        values.number(Setting.MAX_CONNECTIONS, 1, MANY),
        values.number(Setting.MAX_CONNECTIONS_PER_ADDRESS, 1, MANY),
        values.number(Setting.MAX_CONNECTIONS_PER_PRINCIPAL, 1, MANY),
        values.number(Setting.HANDSHAKE_RATE, 0, MANY),
        values.number(Setting.RATE_MESSAGES, 0, MANY),
        values.size(Setting.RATE_BYTES, 0, Integer.MAX_VALUE),
        values.size(Setting.MAX_HEADER_SIZE, LEAST_HEADERS, MOST_HEADERS),
        values.number(Setting.MAX_SUBSCRIPTIONS_PER_PRINCIPAL, 1, MANY));
  }

  private @Nullable Path path(Setting setting) {
    return values.text(setting).map(text -> path(setting, text)).orElse(null);
  }

  private Path path(Setting setting, String text) {
    try {
      Path path = Path.of(text.strip());
      if (Files.isReadable(path) && !Files.isDirectory(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // No file either.
    }
    throw values.refused(setting, "is no file that can be read");
  }
}
