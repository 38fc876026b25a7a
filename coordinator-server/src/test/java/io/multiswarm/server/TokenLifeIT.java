package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tokens that run out, are replaced, taken back or narrowed while sessions are open. */
@RedisTest
class TokenLifeIT {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String A = "token-of-a-00000000";
  private static final String B = "token-of-b-00000000";
  private static final String SECRET = "a secret of more than thirty-two bytes";

  @TempDir private Path directory;

  private static String entryOfA(String scopes, String swarms) {
    return TokensFixture.entry("a", A, scopes, swarms);
  }

  private static String entryOfB() {
    return TokensFixture.entry("b", B, "[\"observe\"]", "[]");
  }

  private static String create(String id) {
    return "{\"id\":\"" + id + "\",\"objective\":\"o\"}";
  }

  private static String byRsa(RSAKey key) throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            claims("alice", Instant.now().plusSeconds(600)));
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private static String bySecret(String subject, Instant expires) throws Exception {
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(subject, expires));
    jwt.sign(new MACSigner(SECRET));
    return jwt.serialize();
  }

  private static JWTClaimsSet claims(String subject, Instant expires) {
    return new JWTClaimsSet.Builder()
        .subject(subject)
        .expirationTime(Date.from(expires))
        .claim("scope", "swarm observe")
        .claim("swarms", List.of("*"))
        .build();
  }

  @Test
  void session_whoseTokenRunsOut_isClosedUnlessRefreshed(TestRedis redis) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET);
    AuthSettings auth = new AuthSettings(null, List.of(secret), null, null, null);
    try (TestServer server = TestServer.guarded(redis, TokensFixture.security(auth));
        JsonClient ends = JsonClient.connectOnly(server.port());
        JsonClient goesOn = JsonClient.connectOnly(server.port())) {
      Instant expires = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 3);
      String shortLived = bySecret("alice", expires);
      assertThat(ends.ok("session.open", JsonClient.opening(shortLived)).get("expiresAt").asLong())
          .isEqualTo(expires.toEpochMilli());
      goesOn.ok("session.open", JsonClient.opening(shortLived));

      Instant later = expires.plusSeconds(600);
      assertThat(goesOn.refusal("session.refresh", "{\"token\":\"nonsense\"}"))
          .isEqualTo("UNAUTHENTICATED");
      assertThat(goesOn.refusal("session.refresh", refresh(bySecret("bob", later))))
          .isEqualTo("PERMISSION_DENIED");
      JsonNode refreshed = goesOn.ok("session.refresh", refresh(bySecret("alice", later)));

      assertThat(refreshed.get("expiresAt").asLong()).isEqualTo(later.toEpochMilli());
      assertThat(ends.closeCode()).isEqualTo(4500);
      assertThat(Instant.now()).isAfterOrEqualTo(expires);
      goesOn.ok("swarm.list", "{}");
    }
  }

  private static String refresh(String token) {
    return "{\"token\":\"" + token + "\"}";
  }

  @Test
  void token_takenBack_endsItsSessionsSoonAndNoOthers(TestRedis redis) {
    TokensFixture tokens = new TokensFixture(directory);
    tokens.write(entryOfA("[\"observe\"]", "[]"), entryOfB());
    try (TestServer server = TestServer.guarded(redis, tokens.security());
        JsonClient a = JsonClient.connect(server.port(), A);
        JsonClient b = JsonClient.connect(server.port(), B)) {
      long begun = System.nanoTime();

      tokens.write(entryOfB());

      assertThat(a.closeCode()).isEqualTo(4500);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
      b.ok("swarm.list", "{}");
      try (JsonClient again = JsonClient.connectOnly(server.port())) {
        assertThat(again.refusal("session.open", JsonClient.opening(A)))
            .isEqualTo("UNAUTHENTICATED");
      }
    }
  }

  @Test
  void patterns_narrowed_takeTheSwarmsOutsideAndLeaveTheRest(TestRedis redis) {
    TokensFixture tokens = new TokensFixture(directory);
    tokens.write(entryOfA("[\"swarm\"]", "[\"a-*\",\"b-*\"]"));
    try (TestServer server = TestServer.guarded(redis, tokens.security());
        JsonClient client = JsonClient.connect(server.port(), A)) {
      client.ok("swarm.create", create("a-1"));
      client.ok("swarm.create", create("b-1"));
      client.ok("channel.subscribe", "{\"channel\":\"swarm:b-1\"}");

      tokens.write(entryOfA("[\"swarm\"]", "[\"a-*\"]"));

      assertThat(client.next("swarm.detached").get("swarmId").asString()).isEqualTo("b-1");
      assertThat(client.refusal("swarm.update", "{\"swarmId\":\"b-1\"}"))
          .isEqualTo("PERMISSION_DENIED");
      client.ok("swarm.update", "{\"swarmId\":\"a-1\"}");
    }
  }

  @Test
  void subscription_thatIsNotAllowedAnyMore_endsTheSession(TestRedis redis) {
    TokensFixture tokens = new TokensFixture(directory);
    tokens.write(entryOfA("[\"swarm\",\"observe\"]", "[\"*\"]"));
    try (TestServer server = TestServer.guarded(redis, tokens.security());
        JsonClient client = JsonClient.connect(server.port(), A)) {
      client.ok("channel.subscribe", "{\"channel\":\"swarm:global\"}");

      tokens.write(entryOfA("[\"swarm\"]", "[\"*\"]"));

      assertThat(client.closeCode()).isEqualTo(4500);
    }
  }

  @Test
  void file_thatIsBroken_changesNothing(TestRedis redis) {
    TokensFixture tokens = new TokensFixture(directory);
    tokens.write(entryOfA("[\"observe\"]", "[]"));
    try (TestServer server = TestServer.guarded(redis, tokens.security());
        JsonClient client = JsonClient.connect(server.port(), A)) {
      tokens.writeText("[{\"name\":");
      // The next good one is read after the broken one, and tells that it was looked at.
      tokens.writeText("[{\"name\":\"a\"}]");
      client.ok("swarm.list", "{}");

      tokens.write(entryOfB());

      assertThat(client.closeCode()).isEqualTo(4500);
    }
  }

  /** The new key is added, then the old one is removed: no call is refused meanwhile. */
  @Test
  void keys_thatFollowEachOther_refuseNoCall(TestRedis redis) throws Exception {
    RSAKey old = new RSAKeyGenerator(2048).keyID("old").generate();
    RSAKey fresh = new RSAKeyGenerator(2048).keyID("new").generate();
    Path jwks = directory.resolve("jwks.json");
    replace(jwks, old);
    AuthSettings auth = new AuthSettings(null, List.of(), jwks, null, null);
    try (TestServer server = TestServer.guarded(redis, TokensFixture.security(auth));
        JsonClient client = JsonClient.connect(server.port(), byRsa(old))) {
      replace(jwks, old, fresh);
      String token = byRsa(fresh);
      callUntil(client, () -> isAccepted(server, token));
      client.ok("session.refresh", refresh(token));

      replace(jwks, fresh);
      callUntil(client, () -> !isAccepted(server, byRsaUnchecked(old)));

      client.ok("swarm.list", "{}");
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void callUntil(JsonClient client, Condition condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      for (int i = 0; i < 20; i++) {
        client.ok("swarm.list", "{}");
      }
    }
  }

  private static boolean isAccepted(TestServer server, String token) {
    try (JsonClient client = JsonClient.connectOnly(server.port())) {
      return client.call("session.open", JsonClient.opening(token)).join().has("result");
    }
  }

  private static String byRsaUnchecked(RSAKey key) {
    try {
      return byRsa(key);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void replace(Path file, JWK... keys) throws Exception {
    Path fresh = file.resolveSibling("jwks.new");
    Files.writeString(fresh, new JWKSet(List.of(keys)).toString());
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
