package io.multiswarm.server.config;

import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.tls.TlsSettings;
import io.multiswarm.server.tracing.TraceSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a coordinator process is told at its start, validated.
 *
 * @param coordination of each fleet
 * @param fleets names of those that are served, the first one for who names none; a single empty
 *     name for a fleet that has none
 */
public record ServerConfig(
    Listening listening,
    Security security,
    Limits limits,
    RedisTarget redis,
    CoordinationOptions coordination,
    List<String> fleets,
    Policies policies,
    Sessions sessions,
    Reporting reporting) {

  /**
   * Reads a configuration.
   *
   * @param flags text of the settings that the command line named
   * @param environment the environment variables; an empty one counts as unset
   * @throws ConfigException when a value cannot be used
   */
  static ServerConfig read(Map<Setting, String> flags, Map<String, String> environment) {
    return new ServerConfigReader(new SettingValues(flags, environment)).read();
  }

  /**
   * A configuration of these settings and the defaults.
   *
   * @param settings by their variables
   * @throws ConfigException when a value cannot be used
   */
  public static ServerConfig of(Map<String, String> settings) {
    return read(Map.of(), settings);
  }

  /**
   * Where to listen, and for whom.
   *
   * @param port 0 for any free one
   * @param insecure whether listening beyond loopback without authentication is allowed
   * @param allowedOrigins web origins that may connect besides the server's own, compared exactly
   */
  public record Listening(String host, int port, boolean insecure, List<String> allowedOrigins) {}

  /**
   * Who may come in.
   *
   * @param tls null to speak without
   * @param trustedProxies whose word on where a client is counts
   * @param metricsOpen whether metrics take no token
   */
  public record Security(
      AuthSettings auth,
      @Nullable TlsSettings tls,
      List<AddressRange> trustedProxies,
      boolean metricsOpen) {

    /** Nobody is asked for anything. */
    public static final Security NONE = new Security(AuthSettings.NONE, null, List.of(), false);
  }

  /**
   * How much one may take from the others.
   *
   * @param handshakes a second and address; 0 for any number
   * @param messages a second and session; 0 for any number
   * @param bytes a second and session; 0 for any number
   * @param headerBytes of a request
   * @param subscriptionsPerPrincipal on this node
   */
  public record Limits(
      int connections,
      int connectionsPerAddress,
      int connectionsPerPrincipal,
      int handshakes,
      int messages,
      int bytes,
      int headerBytes,
      int subscriptionsPerPrincipal) {

    public static final Limits DEFAULTS =
        new Limits(20_000, 10_000, 10_000, 1_000, 0, 0, 16 << 10, 100_000);
  }

  /**
   * The limits of connections.
   *
   * @param openTimeout from the handshake to an opened session
   * @param pingInterval between two pings of the server
   * @param assemblyTimeout from the beginning of a message to its end
   * @param agentGrace from the end of an agent's call to the end of its session
   * @param nodeBufferBytes held for all connections together
   */
  public record Sessions(
      Duration openTimeout,
      Duration pingInterval,
      Duration assemblyTimeout,
      Duration agentGrace,
      long nodeBufferBytes) {}

  /**
   * What the process says about itself.
   *
   * @param logLevel upper-case name of the root logger's level
   * @param isJsonLog whether the log is for programs
   * @param traces where they are sent; null for nowhere
   * @param description the effective configuration in one line, secrets masked
   * @param warnings what works but is probably not meant, a line each
   */
  public record Reporting(
      String logLevel,
      boolean isJsonLog,
      @Nullable TraceSettings traces,
      String description,
      List<String> warnings) {}
}
