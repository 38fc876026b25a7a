package io.multiswarm.server.client;

import io.multiswarm.server.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options of a command that talks to a server: where it is, and the token. Each is taken from
 * its flag, else from its variable, else from the profile. Of a command that has others below it,
 * they are options of those as well.
 */
public final class ServerAccess {

  private static final String DEFAULT_URL = "ws://127.0.0.1:8080";
  private static final String URL = "MULTISWARM_URL";
  private static final String TOKEN = "MULTISWARM_TOKEN";
  private static final String FLEET = "MULTISWARM_FLEET";
  private static final String CA = "MULTISWARM_CA";
  private static final String PROFILE = "MULTISWARM_PROFILE";
  private static final String USUAL_PROFILE = ".config/multiswarm/profile";

  @Option(
      scope = ScopeType.INHERIT,
      names = "--url",
      paramLabel = "<url>",
      description = {
        "Where a server is: ws://host:8080",
        "[" + URL + ", default " + DEFAULT_URL + "]"
      })
  @Nullable String url;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--token",
      paramLabel = "<token>",
      description = {
        "Lets in; other users of this machine can see flags, not the rest.",
        "[" + TOKEN + "]"
      })
  @Nullable String token;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--ca",
      paramLabel = "<file>",
      description = {"Certificates in PEM to trust instead of the machine's.", "[" + CA + "]"})
  @Nullable String trusted;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--in-fleet",
      paramLabel = "<name>",
      description = {
        "Which fleet of a server that serves several.",
        "[" + FLEET + ", default the token's or the server's first]"
      })
  @Nullable String fleet;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--profile",
      paramLabel = "<file>",
      description = {
        "Lines url=, token=, ca=, fleet=; of mode 0600.",
        "[" + PROFILE + ", default ~/" + USUAL_PROFILE + "]"
      })
  @Nullable String profile;

  /**
   * Where to connect to.
   *
   * @throws ConfigException for what cannot be used
   */
  public Endpoint endpoint(Map<String, String> environment) {
    Map<String, String> kept = profile(environment);
    String address = first(url, environment.get(URL), kept.get("url"));
    String ca = first(trusted, environment.get(CA), kept.get("ca"));
    try {
      return Endpoint.of(
              address == null ? DEFAULT_URL : address,
              first(token, environment.get(TOKEN), kept.get("token")),
              ca == null ? null : readable(Path.of(ca)))
          .inFleet(first(fleet, environment.get(FLEET), kept.get("fleet")));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static Path readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new ConfigException("--ca: " + file + " cannot be read");
    }
    return file;
  }

  private Map<String, String> profile(Map<String, String> environment) {
    String named = first(profile, environment.get(PROFILE), null);
    if (named != null) {
      return ProfileFile.read(Path.of(named));
    }
    String home = environment.get("HOME");
    Path usual = home == null ? null : Path.of(home, USUAL_PROFILE);
    return usual != null && Files.exists(usual) ? ProfileFile.read(usual) : Map.of();
  }

  private static @Nullable String first(
      @Nullable String flag, @Nullable String variable, @Nullable String kept) {
    if (flag != null) {
      return flag;
    }
    return variable == null || variable.isBlank() ? kept : variable.strip();
  }
}
