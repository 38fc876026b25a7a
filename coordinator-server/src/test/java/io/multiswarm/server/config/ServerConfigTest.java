package io.multiswarm.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.health.Durability;
import io.multiswarm.health.OnEviction;
import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.tls.TlsSettings;
import io.multiswarm.server.tracing.TraceSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServerConfigTest {

  private static ServerConfig byEnvironment(Map<String, String> environment) {
    return ServerConfig.read(Map.of(), environment);
  }

  private static String refusal(Map<Setting, String> flags, Map<String, String> environment) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> ServerConfig.read(flags, environment));
    assertThat(refused).as("a refusal").isNotNull();
    assertThat(refused.getMessage()).as("a refusal").doesNotContain("\n");
    return refused.getMessage();
  }

  @Test
  void config_withoutAnySetting_isTheDocumentedOne() {
    ServerConfig config = byEnvironment(Map.of());

    assertThat(config.listening())
        .isEqualTo(new ServerConfig.Listening("127.0.0.1", 8080, false, List.of()));
    assertThat(config.redis()).isEqualTo(new RedisTarget.Embedded(Path.of("./data"), 1L << 30));
    assertThat(config.coordination()).isEqualTo(CoordinationOptions.defaults());
    assertThat(config.policies()).isEqualTo(Policies.defaults());
    assertThat(config.sessions())
        .isEqualTo(
            new ServerConfig.Sessions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(25),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                ProcessMemory.quarter()));
    assertThat(config.reporting().logLevel()).isEqualTo("INFO");
    assertThat(config.reporting().warnings()).isEmpty();
  }

  private static final String FILES = "src/test/resources/io/multiswarm/server/config/";
  private static final String PEM = FILES + "combined.pem";
  private static final Map<String, String> WITH_TLS = Map.of("TLS_CERT_FILE", PEM);

  /** One value that is not the default for each setting, and where it must arrive. */
  private static final Map<Setting, Example> EXAMPLES = examples();

  private record Example(
      String text,
      Function<ServerConfig, @Nullable Object> read,
      Object expected,
      Map<String, String> with) {

    Example(String text, Function<ServerConfig, @Nullable Object> read, Object expected) {
      this(text, read, expected, Map.of());
    }
  }

  private static void security(Map<Setting, Example> examples) {
    examples.put(Setting.TLS_CERT_FILE, new Example(PEM, c -> tls(c).key(), Path.of(PEM)));
    examples.put(
        Setting.TLS_KEY_FILE,
        new Example("./" + PEM, c -> tls(c).key().toString(), "./" + PEM, WITH_TLS));
    examples.put(
        Setting.TLS_CLIENT_CA_FILE,
        new Example(PEM, c -> tls(c).clientAuthorities(), Path.of(PEM), WITH_TLS));
    examples.put(
        Setting.TLS_CLIENT_AUTH,
        new Example("optional", c -> tls(c).clientsMust(), false, WITH_TLS));
    examples.put(
        Setting.TRUSTED_PROXIES,
        new Example(
            "10.0.0.0/8, ::1",
            c -> c.security().trustedProxies(),
            List.of(
                AddressRange.parse("10.0.0.0/8").orElseThrow(),
                AddressRange.parse("::1").orElseThrow())));
    examples.put(
        Setting.AUTH_TOKENS_FILE,
        new Example(
            FILES + "tokens.json",
            c -> c.security().auth().tokensFile(),
            Path.of(FILES + "tokens.json")));
    examples.put(
        Setting.AUTH_JWT_SECRET_FILE,
        new Example(
            FILES + "secret," + FILES + "secret",
            c -> c.security().auth().jwtSecretFiles(),
            List.of(Path.of(FILES + "secret"), Path.of(FILES + "secret"))));
    examples.put(
        Setting.AUTH_JWT_KEYS_FILE,
        new Example(
            FILES + "certificate.pem",
            c -> c.security().auth().jwtKeysFile(),
            Path.of(FILES + "certificate.pem")));
    examples.put(Setting.AUTH_JWT_ISSUER, new Example("i", c -> c.security().auth().issuer(), "i"));
    examples.put(
        Setting.AUTH_JWT_AUDIENCE, new Example("a", c -> c.security().auth().audience(), "a"));
    examples.put(Setting.METRICS_OPEN, new Example("yes", c -> c.security().metricsOpen(), true));
    examples.put(Setting.MAX_CONNECTIONS, new Example("1", c -> c.limits().connections(), 1));
    examples.put(
        Setting.MAX_CONNECTIONS_PER_ADDRESS,
        new Example("2", c -> c.limits().connectionsPerAddress(), 2));
    examples.put(
        Setting.MAX_CONNECTIONS_PER_PRINCIPAL,
        new Example("3", c -> c.limits().connectionsPerPrincipal(), 3));
    examples.put(Setting.MAX_SWARMS_PER_PRINCIPAL, coordination("6", o -> o.principalSwarms(), 6));
    examples.put(
        Setting.MAX_SUBSCRIPTIONS_PER_PRINCIPAL,
        new Example("7", c -> c.limits().subscriptionsPerPrincipal(), 7));
    examples.put(
        Setting.MAX_PENDING_TASKS_PER_PRINCIPAL,
        coordination("8", o -> o.tasks().principalLimit(), 8));
    examples.put(
        Setting.MAX_STATE_BYTES_PER_PRINCIPAL,
        coordination("3MiB", o -> o.states().principalBytes(), 3L << 20));
    examples.put(Setting.STATE_BYTES, coordination("4MiB", o -> o.states().bytes(), 4L << 20));
    examples.put(
        Setting.ARCHIVE_BYTES, coordination("6MiB", o -> o.states().archiveBytes(), 6L << 20));
    examples.put(Setting.HANDSHAKE_RATE, new Example("4", c -> c.limits().handshakes(), 4));
    examples.put(Setting.RATE_MESSAGES, new Example("5", c -> c.limits().messages(), 5));
    examples.put(Setting.RATE_BYTES, new Example("1KiB", c -> c.limits().bytes(), 1024));
    examples.put(Setting.MAX_HEADER_SIZE, new Example("8k", c -> c.limits().headerBytes(), 8192));
  }

  private static TlsSettings tls(ServerConfig config) {
    return Objects.requireNonNull(config.security().tls());
  }

  private static Map<Setting, Example> examples() {
    Map<Setting, Example> examples = new EnumMap<>(Setting.class);
    security(examples);
    examples.put(Setting.HOST, new Example("127.0.0.2", c -> c.listening().host(), "127.0.0.2"));
    examples.put(Setting.PORT, new Example("0", c -> c.listening().port(), 0));
    examples.put(Setting.INSECURE, new Example("yes", c -> c.listening().insecure(), true));
    examples.put(
        Setting.ALLOWED_ORIGINS,
        new Example(
            "https://a.example, http://localhost:3000",
            c -> c.listening().allowedOrigins(),
            List.of("https://a.example", "http://localhost:3000")));
    examples.put(Setting.REDIS_URL, redis("rediss://r:7000/2", "rediss://r:7000/2"));
    examples.put(Setting.REDIS_HOST, redis("r.example", "redis://r.example:6379/0"));
    examples.put(Setting.REDIS_PORT, redis("7000", "redis://localhost:7000/0"));
    examples.put(Setting.REDIS_DB, redis("3", "redis://localhost:6379/3"));
    examples.put(
        Setting.REDIS_PASSWORD,
        redis("p@ss word+/:", "redis://:p%40ss%20word%2B%2F%3A@localhost:6379/0"));
    examples.put(
        Setting.DATA_DIR,
        new Example(
            "/var/lib/x y",
            ServerConfig::redis,
            new RedisTarget.Embedded(Path.of("/var/lib/x y"), 1L << 30)));
    redisAccess(examples);
    examples.put(Setting.FLEET, coordination("blue", CoordinationOptions::fleet, "blue"));
    examples.put(
        Setting.FLEETS, new Example("blue,red", ServerConfig::fleets, List.of("blue", "red")));
    examples.put(Setting.SWARM_MAX_COUNT, coordination("7", CoordinationOptions::maxSwarms, 7));
    examples.put(
        Setting.SWARM_TTL,
        coordination("120", CoordinationOptions::swarmTtl, Duration.ofMinutes(2)));
    examples.put(
        Setting.HEARTBEAT_INTERVAL,
        coordination("1500", o -> o.liveness().heartbeatInterval(), Duration.ofMillis(1500)));
    examples.put(
        Setting.SNAPSHOT_INTERVAL,
        coordination("1m", CoordinationOptions::snapshotInterval, Duration.ofMinutes(1)));
    examples.put(
        Setting.SESSION_GRACE, coordination("0", o -> o.liveness().sessionGrace(), Duration.ZERO));
    examples.put(
        Setting.LEADER_LEASE,
        coordination("31000", o -> o.liveness().leaderLease(), Duration.ofSeconds(31)));
    examples.put(
        Setting.ELECTION_INTERVAL,
        coordination("1s", o -> o.liveness().electionInterval(), Duration.ofSeconds(1)));
    examples.put(
        Setting.NODE_LEASE,
        coordination("3000", o -> o.liveness().nodeLease(), Duration.ofSeconds(3)));
    examples.put(Setting.TASK_QUEUE_LIMIT, coordination("5", o -> o.tasks().queueLimit(), 5));
    examples.put(
        Setting.TASK_QUEUE_BYTES, coordination("5MiB", o -> o.tasks().queueBytes(), 5L << 20));
    examples.put(
        Setting.TASK_RETENTION_BYTES,
        coordination("6MiB", o -> o.tasks().retentionBytes(), 6L << 20));
    examples.put(
        Setting.REDIS_MAX_MEMORY,
        new Example(
            "64MiB", ServerConfig::redis, new RedisTarget.Embedded(Path.of("./data"), 64L << 20)));
    examples.put(
        Setting.TASK_RETENTION,
        coordination("2h", o -> o.tasks().endedRetention(), Duration.ofHours(2)));
    examples.put(
        Setting.DEAD_TASK_RETENTION,
        coordination("2d", o -> o.tasks().deadRetention(), Duration.ofDays(2)));
    examples.put(
        Setting.REDIS_SERVER,
        new Example(
            "bundled",
            ServerConfig::redis,
            new RedisTarget.Embedded(Path.of("./data"), 1L << 30, "bundled", "")));
    examples.put(
        Setting.DURABILITY, policies("replicated", p -> p.durability(), Durability.REPLICATED));
    examples.put(Setting.ALLOW_EVICTION, policies("true", p -> p.onEviction(), OnEviction.DEGRADE));
    examples.put(
        Setting.RESOURCE_RECOVERY_WINDOW,
        policies("3s", p -> p.resources().recoveryWindow(), Duration.ofSeconds(3)));
    examples.put(
        Setting.RESOURCE_IDLE_AFTER,
        policies("20s", p -> p.resources().idleAfter(), Duration.ofSeconds(20)));
    examples.put(
        Setting.RESOURCE_RECLAIM_AFTER,
        policies("0", p -> p.resources().reclaimAfter(), Duration.ZERO));
    examples.put(
        Setting.CONFLICT_STRATEGY,
        policies("Voting", p -> p.conflicts().strategy(), ConflictStrategy.VOTING));
    examples.put(
        Setting.VOTE_TIMEOUT,
        policies("700", p -> p.conflicts().voteTimeout(), Duration.ofMillis(700)));
    examples.put(
        Setting.RECOVERY_PATIENCE,
        policies("1h", p -> p.recovery().patience(), Duration.ofHours(1)));
    examples.put(
        Setting.MAX_MESSAGE_SIZE,
        coordination("512KiB", CoordinationOptions::maxMessageSize, 512 << 10));
    examples.put(
        Setting.HISTORY_MAX_MESSAGES, coordination("10", o -> o.history().maxMessages(), 10));
    examples.put(
        Setting.HISTORY_MAX_AGE,
        coordination("2h", o -> o.history().maxAge(), Duration.ofHours(2)));
    examples.put(
        Setting.HISTORY_MAX_BYTES, coordination("8m", o -> o.history().maxBytes(), 8L << 20));
    examples.put(
        Setting.HISTORY_BYTES, coordination("7MiB", o -> o.history().totalBytes(), 7L << 20));
    examples.put(
        Setting.SESSION_OPEN_TIMEOUT,
        new Example("500ms", c -> c.sessions().openTimeout(), Duration.ofMillis(500)));
    examples.put(
        Setting.PING_INTERVAL,
        new Example("1000", c -> c.sessions().pingInterval(), Duration.ofSeconds(1)));
    examples.put(
        Setting.ASSEMBLY_TIMEOUT,
        new Example("5s", c -> c.sessions().assemblyTimeout(), Duration.ofSeconds(5)));
    examples.put(
        Setting.AGENT_GRACE,
        new Example("90s", c -> c.sessions().agentGrace(), Duration.ofSeconds(90)));
    examples.put(
        Setting.NODE_BUFFER_BYTES,
        new Example("8MiB", c -> c.sessions().nodeBufferBytes(), 8L << 20));
    examples.put(
        Setting.OTEL_EXPORTER_OTLP_ENDPOINT,
        new Example(
            "http://c:4318",
            c -> c.reporting().traces(),
            new TraceSettings(URI.create("http://c:4318"), "multiswarm-coordinator")));
    examples.put(
        Setting.OTEL_SERVICE_NAME,
        new Example(
            "fleet", c -> c.reporting().description().contains("otel-service-name=fleet"), true));
    examples.put(Setting.LOG_FORMAT, new Example("JSON", c -> c.reporting().isJsonLog(), true));
    examples.put(Setting.LOG_LEVEL, new Example("debug", c -> c.reporting().logLevel(), "DEBUG"));
    return examples;
  }

  private static void redisAccess(Map<Setting, Example> examples) {
    Path pem = Path.of(FILES + "certificate.pem");
    Map<String, String> tls = Map.of("REDIS_TLS", "true");
    Map<String, String> certificate = Map.of("REDIS_TLS", "yes", "REDIS_TLS_CERT_FILE", "" + pem);
    examples.put(
        Setting.REDIS_PASSWORD_FILE,
        access("" + pem, a -> a.redis().passwordFile(), pem, Map.of()));
    examples.put(Setting.REDIS_USERNAME, access("u", a -> a.redis().user(), "u", Map.of()));
    examples.put(
        Setting.REDIS_SENTINEL_USERNAME, access("u", a -> a.sentinel().user(), "u", Map.of()));
    examples.put(
        Setting.REDIS_SENTINEL_PASSWORD, access("p", a -> a.sentinel().password(), "p", Map.of()));
    examples.put(
        Setting.REDIS_SENTINEL_PASSWORD_FILE,
        access("" + pem, a -> a.sentinel().passwordFile(), pem, Map.of()));
    examples.put(Setting.REDIS_TLS, redis("true", "rediss://localhost:6379/0"));
    examples.put(Setting.REDIS_TLS_CA_FILE, access("" + pem, a -> a.tls().authorities(), pem, tls));
    examples.put(
        Setting.REDIS_TLS_CERT_FILE, access("" + pem, a -> a.tls().certificates(), pem, tls));
    examples.put(
        Setting.REDIS_TLS_KEY_FILE, access("" + pem, a -> a.tls().key(), pem, certificate));
    examples.put(
        Setting.REDIS_TLS_SERVER_NAME,
        access("r.example", a -> a.tls().serverName(), "r.example", tls));
    examples.put(
        Setting.REDIS_TLS_VERIFY, access("ca", a -> a.tls().verify(), RedisAccess.Verify.CA, tls));
  }

  private static Example access(
      String text,
      Function<RedisAccessSettings, @Nullable Object> read,
      Object expected,
      Map<String, String> with) {
    return new Example(
        text,
        config -> read.apply(((RedisTarget.External) config.redis()).access()),
        expected,
        with);
  }

  private static Example redis(String text, String expectedUrl) {
    return new Example(text, ServerConfig::redis, new RedisTarget.External(expectedUrl));
  }

  private static Example coordination(
      String text, Function<CoordinationOptions, Object> read, Object expected) {
    return new Example(text, config -> read.apply(config.coordination()), expected);
  }

  private static Example policies(
      String text, Function<Policies, @Nullable Object> read, Object expected) {
    return new Example(text, config -> read.apply(config.policies()), expected);
  }

  @ParameterizedTest
  @EnumSource
  void setting_byFlag_takesEffect(Setting setting) {
    Example example = EXAMPLES.get(setting);

    assertThat(
            example
                .read()
                .apply(ServerConfig.read(Map.of(setting, example.text()), example.with())))
        .isEqualTo(example.expected());
  }

  @ParameterizedTest
  @EnumSource
  void setting_byVariable_takesEffect(Setting setting) {
    Example example = EXAMPLES.get(setting);

    Map<String, String> environment = new HashMap<>(example.with());
    environment.put(setting.name(), example.text());
    assertThat(example.read().apply(byEnvironment(environment))).isEqualTo(example.expected());
  }

  @ParameterizedTest
  @EnumSource
  void setting_byEmptyVariable_countsAsUnset(Setting setting) {
    ServerConfig config = byEnvironment(Map.of(setting.name(), " "));

    assertThat(config).isEqualTo(byEnvironment(Map.of()));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "REDIS_PASSWORD",
        "REDIS_USERNAME",
        "REDIS_SENTINEL_USERNAME",
        "REDIS_SENTINEL_PASSWORD",
        "REDIS_TLS_SERVER_NAME",
        "DATA_DIR",
        "AUTH_JWT_ISSUER",
        "AUTH_JWT_AUDIENCE",
        "OTEL_SERVICE_NAME"
      }) // any text is one
  void setting_withAWrongValue_isRefusedByItsName(Setting setting) {
    String wrong = "no such value \u00a7";

    assertThat(refusal(Map.of(setting, wrong), Map.of())).startsWith(setting.flag() + ": ");
    assertThat(refusal(Map.of(), Map.of(setting.name(), wrong))).startsWith(setting.name() + ": ");
  }

  @Test
  void setting_byFlagAndVariable_isTheFlags() {
    ServerConfig config = ServerConfig.read(Map.of(Setting.PORT, "1"), Map.of("PORT", "wrong"));

    assertThat(config.listening().port()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "PORT, 65536",
    "PORT, -1",
    "PORT, 99999999999",
    "REDIS_PORT, 0",
    "REDIS_DB, -1",
    "SWARM_MAX_COUNT, 0",
    "SWARM_TTL, 0",
    "HEARTBEAT_INTERVAL, 0",
    "SNAPSHOT_INTERVAL, 366d",
    "ELECTION_INTERVAL, 100ms",
    "NODE_LEASE, 700ms",
    "TASK_QUEUE_LIMIT, 0",
    "TASK_RETENTION, 0",
    "DEAD_TASK_RETENTION, 366d",
    "MAX_MESSAGE_SIZE, 1023",
    "MAX_MESSAGE_SIZE, 65MiB",
    "HISTORY_MAX_MESSAGES, 0",
    "HISTORY_MAX_BYTES, 2GiB",
    "PING_INTERVAL, 99ms",
    "ASSEMBLY_TIMEOUT, 0",
    "AGENT_GRACE, 0",
    "NODE_BUFFER_BYTES, 1MiB",
    "VOTE_TIMEOUT, 61m",
    "RESOURCE_IDLE_AFTER, 0",
    "CONFLICT_STRATEGY, dice",
    "SESSION_OPEN_TIMEOUT, 0",
    "MAX_CONNECTIONS, 0",
    "RATE_MESSAGES, -1",
    "MAX_HEADER_SIZE, 1023",
    "TRUSTED_PROXIES, 10.0.0.0/33",
    "TRUSTED_PROXIES, proxy.example",
    "TLS_CLIENT_AUTH, perhaps",
    "LOG_FORMAT, xml",
    "OTEL_EXPORTER_OTLP_ENDPOINT, 127.0.0.1:4318",
    "ALLOWED_ORIGINS, *",
    "ALLOWED_ORIGINS, https://a.example/path",
    "ALLOWED_ORIGINS, null",
    "FLEET, a{b}",
    "FLEETS, 'blue,a{b}'",
    "REDIS_URL, redis://",
    "REDIS_URL, r.example:6379",
    "REDIS_HOST, redis://r"
  })
  void setting_outOfItsRange_isRefused(String variable, String value) {
    assertThat(refusal(Map.of(), Map.of(variable, value)))
        .startsWith(variable + ": '" + value + "' is ");
  }

  @Test
  void fleets_thatCannotBeServedTogether_areRefused() {
    assertThat(refusal(Map.of(), Map.of("FLEETS", "blue,red,blue"))).contains("has a name twice");
    assertThat(refusal(Map.of(), Map.of("FLEETS", "blue,red", "FLEET", "blue")))
        .startsWith("FLEET: 'blue' is given beside FLEETS");
    String many = IntStream.range(0, 33).mapToObj(n -> "f" + n).collect(Collectors.joining(","));
    assertThat(refusal(Map.of(), Map.of("FLEETS", many))).contains("has more than 32 names");
  }

  @Test
  void fleets_none_areTheOneOfFleet() {
    assertThat(ServerConfig.of(Map.of()).fleets()).containsExactly("");
    assertThat(ServerConfig.of(Map.of("FLEET", "blue")).fleets()).containsExactly("blue");
    ServerConfig several = ServerConfig.of(Map.of("FLEETS", "blue, red"));
    assertThat(several.fleets()).containsExactly("blue", "red");
    assertThat(several.coordination().fleet()).isEqualTo("blue");
  }

  @ParameterizedTest
  @CsvSource({"localhost", "127.0.0.1", "::1", "[::1]"})
  void host_onLoopback_isAllowed(String host) {
    assertThat(byEnvironment(Map.of("HOST", host)).listening().host()).isEqualTo(host);
  }

  @Test
  void host_beyondLoopback_isAllowedWhereTokensAreAskedFor() {
    ServerConfig config =
        byEnvironment(Map.of("HOST", "0.0.0.0", "AUTH_TOKENS_FILE", FILES + "tokens.json"));

    assertThat(config.listening().host()).isEqualTo("0.0.0.0");
    assertThat(config.reporting().warnings()).singleElement().asString().contains("unencrypted");
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "::", "192.0.2.1"})
  void host_beyondLoopback_needsInsecure(String host) {
    assertThat(refusal(Map.of(), Map.of("HOST", host))).contains("--insecure");
    assertThat(byEnvironment(Map.of("HOST", host, "INSECURE", "true")).listening().host())
        .isEqualTo(host);
  }

  @Test
  void leaderLease_underThreeElectionIntervals_isRefusedNamingBoth() {
    assertThat(refusal(Map.of(), Map.of("LEADER_LEASE", "29s")))
        .contains("LEADER_LEASE (29s)", "ELECTION_INTERVAL", "3 x 10s");
    assertThat(refusal(Map.of(), Map.of("ELECTION_INTERVAL", "10001")))
        .contains("LEADER_LEASE", "10001ms");
  }

  @Test
  void leaderLease_ofThreeElectionIntervals_isAllowed() {
    byEnvironment(Map.of("LEADER_LEASE", "3000", "ELECTION_INTERVAL", "1000"));
  }

  static Stream<Arguments> redisCombinations() {
    return Stream.of(
        Arguments.of(
            "the parts together",
            Map.of(),
            Map.of("REDIS_HOST", "r", "REDIS_PORT", "1", "REDIS_DB", "2", "REDIS_PASSWORD", "p"),
            "redis://:p@r:1/2"),
        Arguments.of(
            "an IPv6 host", Map.of(), Map.of("REDIS_HOST", "fd00::1"), "redis://[fd00::1]:6379/0"),
        Arguments.of(
            "a URL and parts",
            Map.of(),
            Map.of("REDIS_URL", "redis://u", "REDIS_HOST", "h"),
            "redis://u"),
        Arguments.of(
            "a URL without and a password",
            Map.of(),
            Map.of("REDIS_URL", "rediss://u:1", "REDIS_PASSWORD", "p"),
            "rediss://:p@u:1"),
        Arguments.of(
            "a URL with and a password",
            Map.of(),
            Map.of("REDIS_URL", "redis://a:b@u:1", "REDIS_PASSWORD", "p"),
            "redis://a:b@u:1"),
        Arguments.of(
            "a URL by variable and a host by flag",
            Map.of(Setting.REDIS_HOST, "h"),
            Map.of("REDIS_URL", "redis://u"),
            "redis://h:6379/0"),
        Arguments.of(
            "a URL and a host by flag",
            Map.of(Setting.REDIS_HOST, "h", Setting.REDIS_URL, "redis://u"),
            Map.of(),
            "redis://u"),
        Arguments.of(
            "several sentinels",
            Map.of(),
            Map.of("REDIS_URL", "redis-sentinel://a:1,b:2/0#main"),
            "redis-sentinel://a:1,b:2/0#main"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("redisCombinations")
  void redis_bySeveralSettings_isWhatTheStrongestSays(
      String name, Map<Setting, String> flags, Map<String, String> environment, String url) {
    assertThat(ServerConfig.read(flags, environment).redis())
        .isEqualTo(new RedisTarget.External(url));
  }

  @Test
  void redisParts_besideAUrl_areIgnoredWithAWarning() {
    ServerConfig config = byEnvironment(Map.of("REDIS_URL", "redis://u", "REDIS_HOST", "h"));

    assertThat(config.reporting().warnings())
        .containsExactly("REDIS_HOST is ignored: REDIS_URL is set");
  }

  @Test
  void redisPort_asKubernetesSetsIt_isExplained() {
    assertThat(refusal(Map.of(), Map.of("REDIS_PORT", "tcp://10.0.0.11:6379")))
        .contains("Kubernetes");
  }

  @Test
  void swarmTtl_underThreeHeartbeats_isWarnedOf() {
    assertThat(byEnvironment(Map.of("SWARM_TTL", "2")).reporting().warnings())
        .singleElement()
        .asString()
        .contains("SWARM_TTL", "HEARTBEAT_INTERVAL");
  }

  @Test
  void idleInterval_ofAShortIdleTime_isNoLonger() {
    ServerConfig config = byEnvironment(Map.of("RESOURCE_IDLE_AFTER", "2s"));
    assertThat(config.policies().resources().idleInterval()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void histories_thatHoldNoWholeOne_areWarnedOf() {
    assertThat(byEnvironment(Map.of("HISTORY_BYTES", "2MiB")).reporting().warnings())
        .singleElement()
        .asString()
        .contains("HISTORY_BYTES", "HISTORY_MAX_BYTES");
  }

  @Test
  void history_thatHoldsNoLargestMessage_isWarnedOf() {
    assertThat(byEnvironment(Map.of("HISTORY_MAX_BYTES", "64k")).reporting().warnings())
        .singleElement()
        .asString()
        .contains("HISTORY_MAX_BYTES", "MAX_MESSAGE_SIZE");
  }

  @Test
  void description_always_hasEveryGivenSettingAndNoSecret() {
    String description =
        byEnvironment(
                Map.of(
                    "REDIS_URL",
                    "redis://user:s3cret@r:1/0",
                    "REDIS_PASSWORD",
                    "s3cret2",
                    "PORT",
                    "9"))
            .reporting()
            .description();

    assertThat(description)
        .contains("port=9", "leader-lease=30s", "redis-url=redis://***@r:1/0", "redis-password=***")
        .doesNotContain("s3cret", "user", "\n");
  }

  @Test
  void secrets_inTextsAndRefusals_areMasked() {
    assertThat(new RedisTarget.External("redis://:s3cr@t@r:1/0").toString())
        .isEqualTo("redis://***@r:1/0");
    assertThat(refusal(Map.of(), Map.of("REDIS_URL", "htp://u:s3cret@r"))).doesNotContain("s3cret");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> byEnvironment(Map.of("REDIS_PASSWORD", "s3cret", "REDIS_PORT", "x")))
        .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("s3cret"));
  }
}
