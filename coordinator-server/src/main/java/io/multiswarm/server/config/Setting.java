package io.multiswarm.server.config;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the server. The constant's name is the environment variable; the flag is the
 * same words in lower case with hyphens ({@code LEADER_LEASE}, {@code --leader-lease}).
 */
enum Setting {
  HOST(
      SettingGroup.LISTENING,
      "address",
      "127.0.0.1",
      "Address to listen on; beyond loopback only with tokens, or with --insecure."),
  PORT(
      SettingGroup.LISTENING,
      "number",
      "8080",
      "Port to listen on; 0 takes any free port, which is printed."),
  INSECURE(
      SettingGroup.LISTENING,
      "true|false",
      "false",
      "Allow listening beyond loopback without authentication: whoever reaches the port may do"
          + " everything."),
  ALLOWED_ORIGINS(
      SettingGroup.LISTENING,
      "origin,...",
      null,
      "Web origins, compared exactly, whose pages may connect besides the server's own address."),

  TLS_CERT_FILE(
      SettingGroup.LISTENING,
      "file",
      null,
      "Certificate in PEM, with the chain behind it: the port speaks TLS (wss, https). Read anew when it changes."),
  TLS_KEY_FILE(
      SettingGroup.LISTENING,
      "file",
      null,
      "Private key of that certificate, PKCS#8 in PEM, without a password; TLS_CERT_FILE has it when not given."),
  TLS_CLIENT_CA_FILE(
      SettingGroup.LISTENING,
      "file",
      null,
      "Certificates in PEM by which those of clients must be signed."),
  TLS_CLIENT_AUTH(
      SettingGroup.LISTENING,
      "required|optional",
      "required",
      "Whether a client without a certificate is refused, where TLS_CLIENT_CA_FILE is given."),
  TRUSTED_PROXIES(
      SettingGroup.LISTENING,
      "range,...",
      null,
      "Proxies whose Forwarded and X-Forwarded-For count, as addresses or ranges such as 10.0.0.0/8."),

  AUTH_TOKENS_FILE(
      SettingGroup.SECURITY,
      "file",
      null,
      "Static tokens: [{name, sha256, scopes, swarms, fleets?, expires?}]; token create writes"
          + " it."),
  AUTH_JWT_SECRET_FILE(
      SettingGroup.SECURITY,
      "file,...",
      null,
      "The bytes of a key for JWT by HS256, 32 or more; several files while one follows the other."),
  AUTH_JWT_KEYS_FILE(
      SettingGroup.SECURITY,
      "file",
      null,
      "Public keys for JWT by RS256, ES256 and EdDSA: a JWKS or PEM; all that it has are good."),
  AUTH_JWT_ISSUER(
      SettingGroup.SECURITY, "text", null, "What iss must be; anything when not given."),
  AUTH_JWT_AUDIENCE(
      SettingGroup.SECURITY, "text", null, "What must be in aud; anything when not given."),
  METRICS_OPEN(
      SettingGroup.SECURITY,
      "true|false",
      "false",
      "Show /metrics without a token, where tokens are asked for."),

  MAX_CONNECTIONS(SettingGroup.LIMITS, "number", "20000", "WebSockets to this node."),
  MAX_CONNECTIONS_PER_ADDRESS(
      SettingGroup.LIMITS,
      "number",
      "10000",
      "WebSockets from one address, or from one /64 of IPv6."),
  MAX_CONNECTIONS_PER_PRINCIPAL(
      SettingGroup.LIMITS, "number", "10000", "Sessions of one name of a token on this node."),
  MAX_SWARMS_PER_PRINCIPAL(
      SettingGroup.LIMITS,
      "number",
      "10000",
      "Swarms in the fleet that one name of a token created, and that have not ended."),
  MAX_SUBSCRIPTIONS_PER_PRINCIPAL(
      SettingGroup.LIMITS,
      "number",
      "100000",
      "Channels that sessions of one name of a token are subscribed to on this node."),
  MAX_PENDING_TASKS_PER_PRINCIPAL(
      SettingGroup.LIMITS,
      "number",
      "50000",
      "Tasks of one name of a token that wait in the fleet."),
  MAX_STATE_BYTES_PER_PRINCIPAL(
      SettingGroup.LIMITS,
      "size",
      "128MiB",
      "What the swarms that one name of a token created may save in the fleet, copies too."),
  HANDSHAKE_RATE(
      SettingGroup.LIMITS,
      "number",
      "1000",
      "Handshakes a second from one address, ten seconds' worth at once; 0 for any number."),
  RATE_MESSAGES(
      SettingGroup.LIMITS, "number", "0", "Messages a second of a session; 0 for any number."),
  RATE_BYTES(SettingGroup.LIMITS, "size", "0", "Bytes a second of a session; 0 for any number."),
  MAX_HEADER_SIZE(SettingGroup.LIMITS, "size", "16KiB", "All headers of a request."),

  REDIS_URL(
      SettingGroup.REDIS,
      "url",
      null,
      "redis://, rediss:// (TLS), redis-sentinel:// or rediss-sentinel:// address, of a cluster some"
          + " nodes with commas between; goes before REDIS_HOST, _PORT and _DB."),
  REDIS_HOST(
      SettingGroup.REDIS,
      "host",
      null,
      "Host of an external Redis; localhost when another REDIS_ setting is given."),
  REDIS_PORT(
      SettingGroup.REDIS,
      "number",
      null,
      "Port of an external Redis; 6379 when another REDIS_ setting is given."),
  REDIS_DB(
      SettingGroup.REDIS,
      "number",
      null,
      "Database of an external Redis; 0 when another REDIS_ setting is given."),
  REDIS_PASSWORD(
      SettingGroup.REDIS,
      "secret",
      null,
      "Password of an external Redis. Better in the environment: flags are visible to other"
          + " users."),
  REDIS_PASSWORD_FILE(
      SettingGroup.REDIS,
      "file",
      null,
      "Has the password; read with each connection, so that it can be changed."),
  REDIS_USERNAME(
      SettingGroup.REDIS, "name", null, "User of an external Redis, where it is not the default."),
  REDIS_SENTINEL_USERNAME(
      SettingGroup.REDIS, "name", null, "User of the Sentinels, where it is not the default."),
  REDIS_SENTINEL_PASSWORD(SettingGroup.REDIS, "secret", null, "Password of the Sentinels."),
  REDIS_SENTINEL_PASSWORD_FILE(
      SettingGroup.REDIS, "file", null, "Has the password of the Sentinels, likewise."),
  REDIS_TLS(
      SettingGroup.REDIS,
      "true|false",
      "false",
      "TLS to an external Redis, and to the Sentinels; a rediss:// address says the same."),
  REDIS_TLS_CA_FILE(
      SettingGroup.REDIS,
      "file",
      null,
      "Certificates in PEM that vouch for Redis's; without it those that Java trusts. This file and"
          + " the next two are read with each connection."),
  REDIS_TLS_CERT_FILE(
      SettingGroup.REDIS, "file", null, "Certificate chain in PEM that is shown to Redis."),
  REDIS_TLS_KEY_FILE(
      SettingGroup.REDIS,
      "file",
      null,
      "Its private key in PEM, PKCS#8 and not encrypted; without it, it is in the same file."),
  REDIS_TLS_SERVER_NAME(
      SettingGroup.REDIS,
      "name",
      null,
      "Name that Redis's certificate must have; without it the host of the address."),
  REDIS_TLS_VERIFY(
      SettingGroup.REDIS,
      "full|ca|none",
      null,
      "What is asked of Redis's certificate: full, its name too; ca, who vouches for it; none,"
          + " nothing. Without it what the address says, which is full by default."),
  DATA_DIR(
      SettingGroup.REDIS,
      "directory",
      "./data",
      "Where the server's own redis-server keeps its data."),
  REDIS_MAX_MEMORY(
      SettingGroup.REDIS, "size", "1GiB", "What the server's own redis-server may take of memory."),
  REDIS_SERVER(
      SettingGroup.REDIS,
      "auto|bundled|path",
      "auto",
      "Which redis-server the server runs itself: auto, a redis-server or valkey-server of 7.0 or"
          + " newer that is in the PATH, or else the one of this program; bundled, that one; or a"
          + " path. One that is older than what wrote DATA_DIR is not used."),
  DURABILITY(
      SettingGroup.REDIS,
      "memory|local|replicated",
      "memory",
      "What acknowledged work must survive: memory, whatever Redis is set up for; local, its crash;"
          + " replicated, the loss of the master, for which each change waits for a replica. A Redis"
          + " that is set up for less is refused."),
  ALLOW_EVICTION(
      SettingGroup.REDIS,
      "true|false",
      "false",
      "Start, degraded, on a Redis that removes keys when its memory is full, leases and tasks"
          + " among them."),
  FLEET(
      SettingGroup.REDIS,
      "name",
      null,
      "Fleet whose coordinator this is: its keys begin with {name}:, so that fleets can share one"
          + " Redis."),
  FLEETS(
      SettingGroup.REDIS,
      "names",
      null,
      "Several fleets instead of one, at most 32, with commas between. A session names its own, or"
          + " its token does; else it is in the first."),

  SWARM_MAX_COUNT(SettingGroup.SWARMS, "number", "10000", "How many swarms may be registered."),
  SWARM_TTL(
      SettingGroup.SWARMS,
      "duration",
      "86400",
      "How long a swarm without a sign of life is kept; plain numbers are seconds."),
  HEARTBEAT_INTERVAL(
      SettingGroup.SWARMS, "duration", "30s", "How often swarms are marked as living."),
  SNAPSHOT_INTERVAL(
      SettingGroup.SWARMS, "duration", "5m", "How often changed states get an automatic snapshot."),
  STATE_BYTES(
      SettingGroup.SWARMS,
      "size",
      "256MiB",
      "What states, snapshots and checkpoints may take of Redis before more is refused."),
  ARCHIVE_BYTES(
      SettingGroup.SWARMS,
      "size",
      "64MiB",
      "What archives of deregistered swarms may take of Redis; beyond it the oldest go early."),
  SESSION_GRACE(
      SettingGroup.SWARMS,
      "duration",
      "10s",
      "How long the swarms of a lost connection keep everything before interruption."),

  LEADER_LEASE(
      SettingGroup.LEADERSHIP,
      "duration",
      "30s",
      "How long leadership outlives its last renewal; three ELECTION_INTERVALs or more."),
  ELECTION_INTERVAL(
      SettingGroup.LEADERSHIP,
      "duration",
      "10s",
      "How often leadership is renewed or contended for."),
  NODE_LEASE(
      SettingGroup.LEADERSHIP,
      "duration",
      "6s",
      "How long a node counts as living after its last sign; renewed each third of it."),

  TASK_QUEUE_LIMIT(
      SettingGroup.TASKS,
      "number",
      "100000",
      "How many tasks may be pending before submissions are refused."),
  TASK_QUEUE_BYTES(
      SettingGroup.TASKS,
      "size",
      "256MiB",
      "What pending and assigned tasks may take of Redis before submissions are refused."),
  TASK_RETENTION(
      SettingGroup.TASKS,
      "duration",
      "24h",
      "How long completed and cancelled tasks can be read, and are known when they come again."),
  DEAD_TASK_RETENTION(
      SettingGroup.TASKS, "duration", "7d", "How long dead tasks can be read and revived."),

  TASK_RETENTION_BYTES(
      SettingGroup.TASKS,
      "size",
      "256MiB",
      "What ended tasks may take of Redis; beyond it the oldest go before their time."),

  RESOURCE_RECOVERY_WINDOW(
      SettingGroup.RESOURCES,
      "duration",
      "10s",
      "How long a swarm that nobody is attached to keeps its resources after its grace."),
  RESOURCE_IDLE_AFTER(
      SettingGroup.RESOURCES,
      "duration",
      "10m",
      "Time without activity after which a swarm that holds resources is reported as idle."),
  RESOURCE_RECLAIM_AFTER(
      SettingGroup.RESOURCES,
      "duration",
      "1m",
      "Time between asking an idle swarm to release what its pools want back and taking it."),
  CONFLICT_STRATEGY(
      SettingGroup.RESOURCES,
      "strategy",
      "priority",
      "How conflicts are resolved that do not say: priority, timestamp or voting."),
  VOTE_TIMEOUT(
      SettingGroup.RESOURCES,
      "duration",
      "5s",
      "How long a vote lasts at most when the conflict does not say."),
  RECOVERY_PATIENCE(
      SettingGroup.RESOURCES,
      "duration",
      null,
      "How long a swarm with nothing to recover from stays interrupted before it has failed; half"
          + " of SWARM_TTL when not given."),

  MAX_MESSAGE_SIZE(
      SettingGroup.MESSAGES, "size", "1MiB", "Largest frame and largest stored message."),
  HISTORY_MAX_MESSAGES(
      SettingGroup.MESSAGES, "number", "1000", "Messages that a channel's history keeps."),
  HISTORY_MAX_AGE(
      SettingGroup.MESSAGES,
      "duration",
      "1h",
      "Age up to which a channel's history keeps messages."),
  HISTORY_MAX_BYTES(
      SettingGroup.MESSAGES, "size", "4MiB", "Memory that Redis may take for a channel's history."),
  HISTORY_BYTES(
      SettingGroup.MESSAGES,
      "size",
      "128MiB",
      "What histories of all channels may take of Redis; beyond it the largest lose their oldest"
          + " messages."),

  SESSION_OPEN_TIMEOUT(
      SettingGroup.SESSIONS,
      "duration",
      "10s",
      "How long a connection may take to open its session."),
  PING_INTERVAL(
      SettingGroup.SESSIONS,
      "duration",
      "25s",
      "How often a connection is asked for a sign of life."),
  ASSEMBLY_TIMEOUT(
      SettingGroup.SESSIONS,
      "duration",
      "30s",
      "How long a message may take from its first byte to its last."),
  AGENT_GRACE(
      SettingGroup.SESSIONS,
      "duration",
      "5m",
      "How long an agent of /mcp keeps everything after its last call."),
  NODE_BUFFER_BYTES(
      SettingGroup.SESSIONS,
      "size",
      null,
      "What the node may hold for all connections together; a quarter of the heap or of the memory"
          + " outside it, whichever is less, when not given, and at most."),

  LOG_LEVEL(SettingGroup.OPERATION, "level", "info", "error, warn, info, debug or trace."),
  LOG_FORMAT(
      SettingGroup.OPERATION,
      "text|json",
      "text",
      "Lines for people, or an object in each line for programs."),
  OTEL_EXPORTER_OTLP_ENDPOINT(
      SettingGroup.OPERATION,
      "url",
      null,
      "Collector that takes traces by OTLP over HTTP, such as http://127.0.0.1:4318; none without."),
  OTEL_SERVICE_NAME(
      SettingGroup.OPERATION,
      "text",
      "multiswarm-coordinator",
      "What this program is called in traces.");

  private final SettingGroup group;
  private final String valueLabel;
  private final @Nullable String defaultText;
  private final String description;

  Setting(SettingGroup group, String valueLabel, @Nullable String defaultText, String description) {
    this.group = group;
    this.valueLabel = valueLabel;
    this.defaultText = defaultText;
    this.description = description;
  }

  String variable() {
    return name();
  }

  String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  SettingGroup group() {
    return group;
  }

  /** What to write in place of the value in a usage line. */
  String valueLabel() {
    return valueLabel;
  }

  /** The default as one would write it, empty when the setting has none. */
  Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  String description() {
    return description;
  }

  /** Whether the flag may stand alone, meaning {@code true}. */
  boolean isSwitch() {
    return this == INSECURE || this == ALLOW_EVICTION || this == REDIS_TLS || this == METRICS_OPEN;
  }

  /** The value as it may be shown to anybody who reads the log. */
  String masked(String value) {
    return switch (this) {
      case REDIS_PASSWORD, REDIS_SENTINEL_PASSWORD -> "***";
      case REDIS_URL -> RedisUrls.masked(value);
      default -> value;
    };
  }
}
