package io.multiswarm.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class AuthenticationTest {

  private static final String GOOD = "a-good-token";
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  @TempDir private Path directory;
  private Authentication authentication;

  @BeforeEach
  void readTokens() throws Exception {
    Path file = directory.resolve("tokens.json");
    String hash = HexFormat.of().formatHex(StaticTokens.sha256(GOOD));
    Files.writeString(
        file,
        "[{\"name\":\"n\",\"sha256\":\"" + hash + "\",\"scopes\":[\"observe\"],\"swarms\":[]}]");
    authentication =
        new Authentication(new Tokens(new AuthSettings(file, List.of(), null, null, null)), time);
  }

  /** What came of it, or nothing yet. */
  private AtomicReference<String> show(InetAddress from, String token) {
    AtomicReference<String> outcome = new AtomicReference<>("");
    authentication
        .authenticate(from, token, Schedulers.immediate())
        .subscribe(
            grant -> outcome.set("ok"),
            error -> outcome.set(((CoordinationException) error).code().name()));
    return outcome;
  }

  @Test
  void address_thatFailsOften_waitsForGoodAndBad() throws Exception {
    for (int i = 0; i < Failures.FREE; i++) {
      assertThat(show(HERE, "bad")).hasValue("UNAUTHENTICATED");
    }
    for (int i = 0; i < 20; i++) {
      show(HERE, "bad");
      time.advanceTimeBy(Failures.LONGEST);
    }

    AtomicReference<String> bad = show(HERE, "bad");
    AtomicReference<String> good = show(HERE, GOOD);
    assertThat(show(InetAddress.getByName("192.0.2.1"), GOOD)).hasValue("ok");

    time.advanceTimeBy(Failures.LONGEST.minusMillis(1));
    assertThat(bad).hasValue("");
    assertThat(good).hasValue("");
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(bad).hasValue("UNAUTHENTICATED");
    assertThat(good).hasValue("ok");

    time.advanceTimeBy(Duration.ofMinutes(2));
    assertThat(show(HERE, GOOD)).hasValue("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[{}]",
        "[{\"name\":\"n\"}]",
        "[{\"name\":\"n\",\"sha256\":\"abc\",\"scopes\":[]}]",
        "[{\"name\":\"n\",\"sha256\":\"$\",\"scopes\":[\"root\"]}]",
        "[{\"name\":\"n\",\"sha256\":\"$\",\"scopes\":\"swarm\"}]",
        "[{\"name\":\"n\",\"sha256\":\"$\"}]",
        "[{\"name\":\"n\",\"sha256\":\"$\",\"scopes\":[],\"swarms\":[\"a b\"]}]",
        "[{\"name\":\"n\",\"sha256\":\"$\",\"scopes\":[],\"expires\":\"soon\"}]",
        "[{\"name\":\"n\",\"sha256\":\"$\",\"scopes\":[],\"token\":\"oops\"}]",
        "[{\"name\":\"n\",\"sha256\":\"$\",\"scopes\":[]},{\"name\":\"m\",\"sha256\":\"$\",\"scopes\":[]}]",
        "[",
      })
  void file_thatIsNoneOfTokens_isRefusedInOneLine(String text) throws Exception {
    Path file = directory.resolve("broken.json");
    Files.writeString(file, text.replace("$", "0".repeat(64)));

    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new TokenFile(file).describe()))
        .hasMessageStartingWith("AUTH_TOKENS_FILE: " + file)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void tokenFile_always_hasTheHashAndNotTheToken() throws Exception {
    Path file = directory.resolve("made.json");
    String first =
        new TokenFile(file)
            .add(new NewToken("one", List.of("swarm"), List.of("a-*"), List.of("blue"), null));
    String second =
        new TokenFile(file).add(new NewToken("two", List.of("admin"), List.of(), List.of(), null));

    assertThat(Files.readString(file)).doesNotContain(first, second);
    assertThat(new TokenFile(file).describe())
        .containsExactly(
            "token one: acts as a-* in fleets blue, never expires",
            "token two: everything, never expires");
    Tokens tokens = new Tokens(new AuthSettings(file, List.of(), null, null, null));
    assertThat(tokens.judge(second, authentication.now()).principal().may(Scope.ADMIN)).isTrue();
    assertThat(tokens.judge(first, authentication.now()).principal().fleets())
        .isEqualTo(FleetNames.of(List.of("blue")));
    assertThat(tokens.judge(second, authentication.now()).principal().fleets())
        .isEqualTo(FleetNames.ANY);
  }

  @Test
  void jwt_withFleets_isBoundToThem() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s".repeat(32));
    Tokens tokens = new Tokens(new AuthSettings(null, List.of(secret), null, null, null));
    for (List<String> fleets : List.of(List.<String>of(), List.of("blue", "red"))) {
      NewToken token =
          new NewToken(
              "n",
              List.of("swarm"),
              List.of("*"),
              fleets,
              authentication.now().plus(Duration.ofHours(1)));
      String jwt = DevelopmentJwt.sign(secret, token, null, null, authentication.now());

      assertThat(tokens.judge(jwt, authentication.now()).principal().fleets())
          .isEqualTo(fleets.isEmpty() ? FleetNames.ANY : FleetNames.of(fleets));
    }
  }
}
