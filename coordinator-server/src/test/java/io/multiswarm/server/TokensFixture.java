package io.multiswarm.server;

import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Writes files of static tokens, and settings that name them. */
final class TokensFixture {

  private final Path file;

  TokensFixture(Path directory) {
    this.file = directory.resolve("tokens.json");
  }

  /** An entry of the file, with the lists in JSON. */
  static String entry(String name, String token, String scopes, String swarms) {
    return "{\"name\":\"%s\",\"sha256\":\"%s\",\"scopes\":%s,\"swarms\":%s}"
        .formatted(name, sha256(token), scopes, swarms);
  }

  static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Replaces the file in one step. */
  TokensFixture write(String... entries) {
    return writeText(List.of(entries).stream().collect(Collectors.joining(",", "[", "]")));
  }

  TokensFixture writeText(String text) {
    try {
      Path fresh = file.resolveSibling("tokens.new");
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  ServerConfig.Security security() {
    return security(new AuthSettings(file, List.of(), null, null, null));
  }

  static ServerConfig.Security security(AuthSettings auth) {
    return new ServerConfig.Security(auth, null, List.<AddressRange>of(), false);
  }
}
