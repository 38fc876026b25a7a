package io.multiswarm.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.health.RedisExamination;
import io.multiswarm.health.RedisExamination.Finding;
import io.multiswarm.health.RedisExamination.Level;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCommandTest {

  private final List<ServerConfig> served = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static ServerCommand command(Map<String, String> environment, ToIntFunction<ServerConfig> serve) {
    return new ServerCommand(
        "1.2.3",
        environment,
        new ServerCommand.Programs(
            serve,
            config -> List.of("port " + config.listening().port()),
            ServerCommandTest::examined,
            () -> Instant.EPOCH,
            List.of()));
  }

  /** Not to be relied on when its fleet is called so. */
  private static RedisExamination examined(ServerConfig config) {
    boolean bad = config.coordination().fleet().equals("bad");
    return new RedisExamination(
        List.of(
            new Finding("version", Level.OK, "7.0.15", ""),
            new Finding("role", Level.WARNING, "unknown", "look"),
            bad
                ? new Finding("eviction", Level.UNSAFE, "keys are removed", "set noeviction")
                : new Finding("eviction", Level.OK, "noeviction", "")));
  }

  private int execute(Map<String, String> environment, String... args) {
    ServerCommand command =
        command(
            environment,
            config -> {
              served.add(config);
              return 7;
            });
    command.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(args);
  }

  @Test
  void command_withAValidConfiguration_servesAndPassesTheExitCodeOn() {
    assertThat(execute(Map.of("PORT", "81"), "--node-lease", "3s", "--fleet=blue")).isEqualTo(7);

    assertThat(served)
        .singleElement()
        .satisfies(
            config -> {
              assertThat(config.listening().port()).isEqualTo(81);
              assertThat(config.coordination().liveness().nodeLease()).hasSeconds(3);
              assertThat(config.coordination().fleet()).isEqualTo("blue");
            });
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port abc",
        "--port",
        "--prot 1",
        "stray",
        "--leader-lease 5s",
        "--host 0.0.0.0",
        "--insecure=maybe",
        "@file"
      })
  void command_withAWrongLine_saysSoInOneLineAndReturnsTwo(String line) {
    assertThat(execute(Map.of(), line.split(" "))).isEqualTo(2);

    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("multiswarm-coordinator: ")
        .satisfies(ServerCommandTest::isAscii);
    assertThat(out.toString()).isEmpty();
    assertThat(served).isEmpty();
  }

  @Test
  void command_withAWrongVariable_saysSoInOneLineAndReturnsTwo() {
    assertThat(execute(Map.of("HEARTBEAT_INTERVAL", "often"))).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "multiswarm-coordinator: HEARTBEAT_INTERVAL: 'often' is no duration: write 500ms, 30s,"
                + " 5m, 1h or 1d (see --help)");
  }

  @Test
  void command_withAValueThatHasALineBreak_staysOneLine() {
    assertThat(execute(Map.of("PORT", "1\nforged line"))).isEqualTo(2);

    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void insecure_alone_isTrueWhateverTheVariableSays() {
    for (String variable : List.of("", "true", "false")) {
      served.clear();
      execute(Map.of("INSECURE", variable, "HOST", "0.0.0.0"), "--insecure");
      assertThat(served).hasSize(1);
    }
  }

  @Test
  void flag_givenTwice_isTheLast() {
    execute(Map.of(), "--port=1", "--node-lease=3s", "--port=2");

    assertThat(served.get(0).listening().port()).isEqualTo(2);
  }

  @Test
  void help_always_namesEverySettingByFlagVariableAndDefault() {
    assertThat(execute(Map.of("PORT", "wrong"), "--help")).isZero();

    String help = out.toString().replaceAll("\\s+", " ");
    for (Setting setting : Setting.values()) {
      String ownDefault = setting.defaultText().map(text -> ", default " + text).orElse("");
      assertThat(help).contains(setting.flag(), "[" + setting.name() + ownDefault + "]");
    }
    Arrays.stream(SettingGroup.values())
        .forEach(group -> assertThat(help).contains(group.heading()));
    assertThat(served).isEmpty();
    isAscii(out.toString());
  }

  /** Without a locale, as in most containers, other characters are printed as question marks. */
  private static void isAscii(String text) {
    assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).as(text).isTrue();
  }

  @Test
  void version_always_isPrinted() {
    assertThat(execute(Map.of(), "--version")).isZero();

    assertThat(out.toString()).startsWith("multiswarm-coordinator 1.2.3");
  }

  @ParameterizedTest
  @EnumSource
  void flag_always_hasTheVariablesName(Setting setting) {
    assertThat(setting.flag().substring(2).replace('-', '_'))
        .isEqualToIgnoringCase(setting.variable());
  }

  @Test
  void check_ofAValidConfiguration_saysItAndServesNothing() {
    assertThat(execute(Map.of("PORT", "81"), "check")).isZero();
    assertThat(execute(Map.of(), "check", "--port", "82")).isZero();

    assertThat(out.toString()).contains("port 81", "port 82");
    assertThat(served).isEmpty();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void check_ofWhatAStartWouldRefuse_exitsWithTwo() {
    assertThat(execute(Map.of(), "check", "--host", "0.0.0.0")).isEqualTo(2);
    assertThat(execute(Map.of("AUTH_TOKENS_FILE", "/nowhere"), "check")).isEqualTo(2);

    assertThat(err.toString())
        .contains("--host: '0.0.0.0'", "AUTH_TOKENS_FILE: '/nowhere' is no file");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void doctor_ofAGoodRedis_saysItAndExitsWithZero() {
    assertThat(execute(Map.of("REDIS_URL", "redis://h"), "doctor")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "ok       version      7.0.15",
            "warning  role         unknown: look",
            "ok       eviction     noeviction",
            "A fleet can rely on this Redis.");
    assertThat(served).isEmpty();
  }

  @Test
  void doctor_ofABadRedis_saysWhatToDoAndExitsWithOne() {
    assertThat(execute(Map.of(), "doctor", "--redis-url", "redis://h", "--fleet", "bad", "--json"))
        .isEqualTo(1);

    assertThat(out.toString())
        .startsWith("{\"safe\":false,\"findings\":[{\"name\":\"version\",\"level\":\"ok\",")
        .contains(
            "{\"name\":\"eviction\",\"level\":\"unsafe\",\"text\":\"keys are removed\","
                + "\"advice\":\"set noeviction\"}");
  }

  @Test
  void doctor_ofNoRedis_exitsWithTwo() {
    assertThat(execute(Map.of(), "doctor")).isEqualTo(2);

    assertThat(err.toString()).contains("doctor: say which Redis");
  }

  @Test
  void token_created_isPrintedOnceAndGood(@TempDir Path directory) throws Exception {
    String file = directory.resolve("tokens.json").toString();

    assertThat(
            execute(
                Map.of(),
                "token",
                "create",
                "--file",
                file,
                "--name",
                "team-a",
                "--scopes",
                "swarm,observe",
                "--swarms",
                "a-*"))
        .isZero();
    String token = out.toString().strip();
    assertThat(token).matches("msw_[A-Za-z0-9_-]{43}");
    assertThat(Files.readString(Path.of(file))).doesNotContain(token);
    assertThat(execute(Map.of("AUTH_TOKENS_FILE", file), "token", "show")).isZero();
    assertThat(out.toString()).contains("token team-a: acts as a-*, reads, never expires");
    assertThat(execute(Map.of("AUTH_TOKENS_FILE", file), "--host", "0.0.0.0")).isEqualTo(7);
  }

  @Test
  void jwt_made_hasThreeParts(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "x".repeat(32));

    assertThat(
            execute(
                Map.of("AUTH_JWT_SECRET_FILE", secret.toString()),
                "token",
                "jwt",
                "--name",
                "alice",
                "--scopes",
                "submit"))
        .isZero();

    assertThat(out.toString().strip().split("\\.")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token create",
        "token create --name n --scopes swarm",
        "token create --name n --scopes root --file /nowhere/t",
        "token create --name n --scopes swarm --file /nowhere/t",
        "token show",
        "token jwt --name n --scopes swarm --secret-file /nowhere"
      })
  void token_thatCannotBeMade_isRefusedInOneLine(String arguments) {
    assertThat(execute(Map.of(), arguments.split(" "))).isEqualTo(2);

    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }
}
