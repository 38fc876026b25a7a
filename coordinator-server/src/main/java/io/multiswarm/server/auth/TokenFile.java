package io.multiswarm.server.auth;

import io.multiswarm.common.Json;
import io.multiswarm.server.files.FileException;
import io.multiswarm.server.files.WatchedFiles;
import io.multiswarm.server.protocol.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A file of static tokens, as people make it by the command line. Blocks. */
public final class TokenFile {

  private static final String SETTING = "AUTH_TOKENS_FILE";
  private static final String PREFIX = "msw_";
  private static final int BYTES = 32;

  private final Path path;

  public TokenFile(Path path) {
    this.path = path;
  }

  /**
   * Adds a token; makes the file when there is none.
   *
   * @return the token, which is kept nowhere: the file gets its hash
   */
  public String add(NewToken token) {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    List<Json> entries = new ArrayList<>(Files.exists(path) ? read() : List.of());
    Instant expires = token.expires();
    entries.add(
        JsonObject.with("name", token.name())
            .and("sha256", HexFormat.of().formatHex(StaticTokens.sha256(text)))
            .and("scopes", (Object) token.scopes())
            .and("swarms", (Object) token.swarms())
            .andPresent("fleets", token.fleets().isEmpty() ? null : token.fleets())
            .andPresent("expires", expires == null ? null : expires.toEpochMilli())
            .json());
    String json =
        entries.stream().map(Json::toString).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    StaticTokens.read(json.getBytes(StandardCharsets.UTF_8));
    write(json);
    return text;
  }

  private List<Json> read() {
    return WatchedFiles.open(
            SETTING,
            List.of(path),
            contents -> {
              StaticTokens.read(contents.get(0));
              return Json.parse(contents.get(0)).elements();
            })
        .value();
  }

  /** In one step, so that a server never sees half of it. */
  private void write(String json) {
    try {
      Path absolute = path.toAbsolutePath();
      Path directory = absolute.getParent();
      Path whole = Files.createTempFile(directory, ".tokens", ".json"); // for its owner alone
      Files.writeString(whole, json);
      Files.move(
          whole, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FileException("%s: %s cannot be written (%s)".formatted(SETTING, path, e));
    }
  }

  /** What the tokens allow, a line each. */
  public List<String> describe() {
    return WatchedFiles.open(SETTING, List.of(path), contents -> StaticTokens.read(contents.get(0)))
        .value()
        .describe();
  }
}
