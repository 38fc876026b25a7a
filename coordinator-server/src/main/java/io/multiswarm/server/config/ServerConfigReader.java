package io.multiswarm.server.config;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.History;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.CoordinationOptions.Tasks;
import io.multiswarm.common.StateLimits;
import io.multiswarm.server.tracing.TraceSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the text of the settings into a {@link ServerConfig}, one group of settings a method. */
final class ServerConfigReader {

  /** What repeats more often than that loads Redis and the sockets for nothing. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private static final Duration LONGEST = Duration.ofDays(365);

  /** Room for the smallest answers; a hello with its limits is some 400 bytes. */
  private static final int SMALLEST_MESSAGE = 1 << 10;

  /** A frame is assembled in memory, once a connection. */
  private static final int LARGEST_MESSAGE = 64 << 20;

  /** Room for a message of the default size in each of its stages. */
  private static final int LEAST_NODE_BUFFER = 4 << 20;

  private static final int MOST_FLEETS = 32;
  private static final long LEAST_TASK_BYTES = 2L << 20;
  private static final long MOST_BYTES = 1L << 50;

  private static final Set<String> LOG_LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s/*@]+");
  private static final Pattern COLLECTOR =
      Pattern.compile("https?://[A-Za-z0-9.\\[\\]:_-]+(/[A-Za-z0-9._~/-]*)?");
  private static final Pattern FLEET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final SettingValues values;

  ServerConfigReader(SettingValues values) {
    this.values = values;
  }

  ServerConfig read() {
    List<String> fleets = fleets();
    CoordinationOptions coordination = coordination(fleets.get(0));
    SecurityReader securityReader = new SecurityReader(values);
    ServerConfig.Security security = securityReader.security();
    return new ServerConfig(
        listening(security),
        security,
        securityReader.limits(),
        new RedisTargetReader(values).read(),
        coordination,
        fleets,
        new PoliciesReader(values).read(),
        sessions(),
        new ServerConfig.Reporting(
            logLevel(),
            isJsonLog(),
            traces(),
            values.describe(),
            warnings(coordination, security)));
  }

  private ServerConfig.Listening listening(ServerConfig.Security security) {
    String host = values.required(Setting.HOST).strip();
    boolean insecure = values.bool(Setting.INSECURE);
    if (!insecure && !security.auth().isOn() && !isLoopback(host)) {
      throw values.refused(
          Setting.HOST,
          "is reachable by others and there is no authentication: give AUTH_TOKENS_FILE or a file of"
              + " JWT keys, listen on 127.0.0.1, or allow it with --insecure");
    }
    return new ServerConfig.Listening(
        host, values.number(Setting.PORT, 0, 65_535), insecure, allowedOrigins());
  }

  private boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw values.refused(Setting.HOST, "is no address of this machine");
    }
  }

  private List<String> allowedOrigins() {
    List<String> origins = values.list(Setting.ALLOWED_ORIGINS);
    if (!origins.stream().allMatch(origin -> ORIGIN.matcher(origin).matches())) {
      throw values.refused(
          Setting.ALLOWED_ORIGINS,
          "is no list of origins: write https://app.example.com,http://localhost:3000 without"
              + " paths or wildcards");
    }
    return origins;
  }

  private CoordinationOptions coordination(String fleet) {
    Liveness liveness = liveness();
    try {
      return new CoordinationOptions(
          fleet,
          values.number(Setting.SWARM_MAX_COUNT, 1, 10_000_000),
          values.number(Setting.MAX_SWARMS_PER_PRINCIPAL, 1, 10_000_000),
          values.duration(Setting.SWARM_TTL, Duration.ofSeconds(1), LONGEST, SECONDS),
          values.duration(Setting.SNAPSHOT_INTERVAL, SHORTEST, LONGEST),
          values.size(Setting.MAX_MESSAGE_SIZE, SMALLEST_MESSAGE, LARGEST_MESSAGE),
          liveness,
          history(),
          tasks(),
          states());
    } catch (CoordinationException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private List<String> fleets() {
    List<String> several = values.list(Setting.FLEETS);
    String one = values.text(Setting.FLEET).orElse("").strip();
    if (several.isEmpty()) {
      return List.of(one.isEmpty() ? one : named(Setting.FLEET, one));
    }
    if (!one.isEmpty()) {
      throw values.refused(Setting.FLEET, "is given beside FLEETS; put it among them");
    }
    if (several.size() > MOST_FLEETS) {
      throw values.refused(
          Setting.FLEETS,
          "has more than %d names, and each takes three connections to Redis"
              .formatted(MOST_FLEETS));
    }
    if (Set.copyOf(several).size() < several.size()) {
      throw values.refused(Setting.FLEETS, "has a name twice");
    }
    several.forEach(name -> named(Setting.FLEETS, name));
    return several;
  }

  private String named(Setting setting, String fleet) {
    if (!FLEET_NAME.matcher(fleet).matches()) {
      throw values.refused(
          setting, "is no name: at most 128 letters, digits, dots, underscores and hyphens");
    }
    return fleet;
  }

  private Liveness liveness() {
    Timings timings =
        new Timings(
            duration(Setting.LEADER_LEASE),
            duration(Setting.ELECTION_INTERVAL),
            duration(Setting.NODE_LEASE));
    timings.check(values);
    return new Liveness(
        duration(Setting.HEARTBEAT_INTERVAL),
        timings.leaderLease(),
        timings.electionInterval(),
        timings.nodeLease(),
        values.duration(Setting.SESSION_GRACE, Duration.ZERO, LONGEST));
  }

  private History history() {
    return new History(
        values.number(Setting.HISTORY_MAX_MESSAGES, 1, 1_000_000),
        duration(Setting.HISTORY_MAX_AGE),
        values.size(Setting.HISTORY_MAX_BYTES, SMALLEST_MESSAGE, 1 << 30),
        values.bytes(Setting.HISTORY_BYTES, SMALLEST_MESSAGE, MOST_BYTES));
  }

  private Tasks tasks() {
    return new Tasks(
            values.number(Setting.TASK_QUEUE_LIMIT, 1, 100_000_000),
            duration(Setting.TASK_RETENTION),
            duration(Setting.DEAD_TASK_RETENTION))
        .withBytes(
            values.bytes(Setting.TASK_QUEUE_BYTES, LEAST_TASK_BYTES, MOST_BYTES),
            values.bytes(Setting.TASK_RETENTION_BYTES, LEAST_TASK_BYTES, MOST_BYTES))
        .withPrincipalLimit(values.number(Setting.MAX_PENDING_TASKS_PER_PRINCIPAL, 1, 100_000_000));
  }

  private StateLimits states() {
    return new StateLimits(
        values.bytes(Setting.STATE_BYTES, SMALLEST_MESSAGE, MOST_BYTES),
        values.bytes(Setting.MAX_STATE_BYTES_PER_PRINCIPAL, SMALLEST_MESSAGE, MOST_BYTES),
        values.bytes(Setting.ARCHIVE_BYTES, SMALLEST_MESSAGE, MOST_BYTES));
  }

  private ServerConfig.Sessions sessions() {
    return new ServerConfig.Sessions(
        duration(Setting.SESSION_OPEN_TIMEOUT),
        duration(Setting.PING_INTERVAL),
        duration(Setting.ASSEMBLY_TIMEOUT),
        duration(Setting.AGENT_GRACE),
        Math.min(nodeBufferBytes(), ProcessMemory.quarter()));
  }

  private long nodeBufferBytes() {
    return values.isGiven(Setting.NODE_BUFFER_BYTES)
        ? values.size(Setting.NODE_BUFFER_BYTES, LEAST_NODE_BUFFER, Integer.MAX_VALUE)
        : ProcessMemory.quarter();
  }

  private Duration duration(Setting setting) {
    return values.duration(setting, SHORTEST, LONGEST);
  }

  private String logLevel() {
    String level = values.required(Setting.LOG_LEVEL).strip().toUpperCase(Locale.ROOT);
    if (!LOG_LEVELS.contains(level)) {
      throw values.refused(Setting.LOG_LEVEL, "is none of error, warn, info, debug and trace");
    }
    return level;
  }

  private @Nullable TraceSettings traces() {
    String endpoint = values.text(Setting.OTEL_EXPORTER_OTLP_ENDPOINT).orElse("").strip();
    if (endpoint.isEmpty()) {
      return null;
    }
    if (!COLLECTOR.matcher(endpoint).matches()) {
      throw values.refused(
          Setting.OTEL_EXPORTER_OTLP_ENDPOINT, "is no address such as http://127.0.0.1:4318");
    }
    return new TraceSettings(
        URI.create(endpoint), values.required(Setting.OTEL_SERVICE_NAME).strip());
  }

  private boolean isJsonLog() {
    String format = values.required(Setting.LOG_FORMAT).strip().toLowerCase(Locale.ROOT);
    if (!format.equals("json") && !format.equals("text")) {
      throw values.refused(Setting.LOG_FORMAT, "is neither text nor json");
    }
    return format.equals("json");
  }

  private List<String> warnings(CoordinationOptions options, ServerConfig.Security security) {
    List<String> warnings = new ArrayList<>(RedisTargetReader.warnings(values));
    Duration threeHeartbeats = options.liveness().heartbeatInterval().multipliedBy(3);
    if (options.swarmTtl().compareTo(threeHeartbeats) < 0) {
      warnings.add("SWARM_TTL is under three HEARTBEAT_INTERVALs: living swarms can expire");
    }
    if (options.history().maxBytes() < options.maxMessageSize()) {
      warnings.add("HISTORY_MAX_BYTES is under MAX_MESSAGE_SIZE: a large message is kept nowhere");
    }
    if (options.history().totalBytes() < options.history().maxBytes()) {
      warnings.add("HISTORY_BYTES is under HISTORY_MAX_BYTES: one channel can be too much");
    }
    if (nodeBufferBytes() > ProcessMemory.quarter()) {
      warnings.add(
          "NODE_BUFFER_BYTES is over a quarter of this process's memory, and "
              + ProcessMemory.quarter()
              + " is used: give the process more by -Xmx and -XX:MaxDirectMemorySize");
    }
    if (security.auth().isOn()
        && security.tls() == null
        && !isLoopback(values.required(Setting.HOST).strip())) {
      warnings.add(
          "tokens cross the network unencrypted: give TLS_CERT_FILE and TLS_KEY_FILE, or put a proxy"
              + " with TLS in front and let it alone reach this port");
    }
    return List.copyOf(warnings);
  }
}
