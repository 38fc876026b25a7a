package io.multiswarm.server.auth;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.files.FileException;
import io.multiswarm.server.protocol.Params;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of {@code AUTH_TOKENS_FILE}: {@code [{name, sha256, scopes, swarms, fleets?,
 * expires?}]}. The file has their hashes only. They are compared with all entries, in a time that
 * does not tell how much of one was right.
 */
final class StaticTokens {

  private static final int MOST = 10_000;
  private static final int MOST_PATTERNS = 1_000;
  private static final int LONGEST_NAME = 256;
  private static final long LATEST = (1L << 53) - 1;
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern SWARMS = Pattern.compile("[A-Za-z0-9._*-]{1,256}");
  private static final Set<String> MEMBERS =
      Set.of("name", "sha256", "scopes", "swarms", "fleet", "fleets", "expires");

  private record Entry(byte[] sha256, AccessGrant grant) {}

  private final List<Entry> entries;

  private StaticTokens(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Reads the file.
   *
   * @throws FileException or {@link CoordinationException} naming the place that is wrong
   */
  static StaticTokens read(byte[] file) {
    if (new String(file, StandardCharsets.UTF_8).isBlank()) {
      throw new FileException("is empty; write [] to let nobody in");
    }
    Json json = Json.parse(file);
    if (!json.isArray()) {
      throw new FileException("must be an array: [{\"name\":…, \"sha256\":…, \"scopes\":[…], …}]");
    }
    List<Json> elements = json.elements();
    if (elements.size() > MOST) {
      throw new FileException("has more than " + MOST + " tokens");
    }
    List<Entry> entries = new ArrayList<>(elements.size());
    Set<String> hashes = new HashSet<>();
    for (int i = 0; i < elements.size(); i++) {
      Entry entry = entry(Params.of(elements.get(i), "[" + i + "]"));
      if (!hashes.add(entry.grant().proof())) {
        throw new FileException("[%d].sha256: there is an earlier token of that hash".formatted(i));
      }
      entries.add(entry);
    }
    return new StaticTokens(entries);
  }

  private static Entry entry(Params params) {
    for (String name : params.names()) {
      if (!MEMBERS.contains(name)) {
        throw params.refused(name, "is no member of a token");
      }
    }
    String name = name(params);
    String hash = params.string("sha256").toLowerCase(Locale.ROOT);
    if (!HASH.matcher(hash).matches()) {
      throw params.refused("sha256", "must be the 64 hexadecimal digits of a SHA-256");
    }
    Instant expires =
        params.has("expires") ? Instant.ofEpochMilli(params.integer("expires", 0, LATEST)) : null;
    Principal principal = Principal.of(name, scopes(params), swarms(params), fleets(params));
    return new Entry(
        HexFormat.of().parseHex(hash), new AccessGrant(principal, expires, "token:" + hash));
  }

  private static String name(Params params) {
    String name = params.words("name");
    if (name.length() > LONGEST_NAME) {
      throw params.refused("name", "has more than " + LONGEST_NAME + " characters");
    }
    return name;
  }

  private static Set<Scope> scopes(Params params) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    params.list("scopes", MOST_PATTERNS); // which must be there
    for (String word : params.strings("scopes", MOST_PATTERNS)) {
      scopes.add(
          Scope.of(word)
              .orElseThrow(
                  () ->
                      params.refused(
                          "scopes", "\"" + word + "\" is none of swarm, submit, observe, admin")));
    }
    return scopes;
  }

  private static SwarmPatterns swarms(Params params) {
    List<String> patterns = params.strings("swarms", MOST_PATTERNS);
    if (patterns.size() > MOST_PATTERNS) {
      throw params.refused("swarms", "has more than " + MOST_PATTERNS + " patterns");
    }
    for (String pattern : patterns) {
      if (!SWARMS.matcher(pattern).matches()) {
        throw params.refused(
            "swarms", "\"" + pattern + "\" can match no swarm: use A-Z a-z 0-9 . _ - and *");
      }
    }
    return new SwarmPatterns(patterns);
  }

  /** One as {@code fleet}, several as {@code fleets}. */
  private static FleetNames fleets(Params params) {
    if (params.has("fleet") && params.has("fleets")) {
      throw params.refused("fleet", "is given beside fleets; put it among them");
    }
    if (params.has("fleet")) {
      return FleetNames.of(List.of(Ids.check("fleet", params.string("fleet"))));
    }
    if (!params.has("fleets")) {
      return FleetNames.ANY;
    }
    List<String> names = params.strings("fleets", MOST_PATTERNS);
    if (names.isEmpty()) {
      throw params.refused("fleets", "names no fleet; leave it out for any");
    }
    names.forEach(name -> Ids.check("fleets", name));
    return FleetNames.of(names);
  }

  /** What the token grants; null when it is none of these. */
  @Nullable AccessGrant find(String token, Instant now) {
    byte[] hash = sha256(token);
    AccessGrant found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.sha256(), hash)) {
        found = entry.grant();
      }
    }
    if (found != null && found.isOver(now)) {
      throw new BadToken("the token has expired");
    }
    return found;
  }

  @Nullable AccessGrant current(AccessGrant earlier) {
    return entries.stream()
        .map(Entry::grant)
        .filter(grant -> grant.proof().equals(earlier.proof()))
        .findFirst()
        .orElse(null);
  }

  /** A line a token. */
  List<String> describe() {
    return entries.stream()
        .map(
            entry -> {
              AccessGrant grant = entry.grant();
              return "token %s: %s, %s"
                  .formatted(
                      grant.principal(),
                      Descriptions.of(grant.principal()),
                      grant.expiresAt() == null ? "never expires" : "expires " + grant.expiresAt());
            })
        .toList();
  }

  static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
