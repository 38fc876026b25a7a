package io.multiswarm.server.config;

import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Everything that a coordinator process is told at its start, validated. */
public record ServerConfig(
    Listening listening,
    RedisTarget redis,
    CoordinationOptions coordination,
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
   * Where to listen, and for whom.
   *
   * @param port 0 for any free one
   * @param insecure whether listening beyond loopback without authentication is allowed
   * @param allowedOrigins web origins that may connect besides the server's own, compared exactly
   */
  public record Listening(String host, int port, boolean insecure, List<String> allowedOrigins) {}

  /**
   * The limits of connections.
   *
   * @param openTimeout from the handshake to an opened session
   * @param pingInterval between two pings of the server
   * @param assemblyTimeout from the beginning of a message to its end
   * @param nodeBufferBytes held for all connections together
   */
  public record Sessions(
      Duration openTimeout,
      Duration pingInterval,
      Duration assemblyTimeout,
      long nodeBufferBytes) {}

  /**
   * What the process says about itself.
   *
   * @param logLevel upper-case name of the root logger's level
   * @param description the effective configuration in one line, secrets masked
   * @param warnings what works but is probably not meant, a line each
   */
  public record Reporting(String logLevel, String description, List<String> warnings) {}
}
