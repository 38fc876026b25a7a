package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tokens that nobody issued, and some that somebody did, shown to a server. */
@RedisTest
class ForgedTokensIT {

  private static final String ISSUER = "https://issuer.example";
  private static final String AUDIENCE = "multiswarm";
  private static final String SECRET = "a secret of more than thirty-two bytes";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static RSAKey rsa;
  private static RSAKey stranger;
  private static ECKey ec;

  private int addresses;
  private Path jwks;
  private TestServer server;

  @BeforeAll
  static void makeKeys() throws JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    stranger = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
  }

  @BeforeEach
  void start(TestRedis redis, @TempDir Path directory) throws Exception {
    jwks = directory.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(List.of(rsa, ec)).toString());
    Path secret = directory.resolve("secret");
    Files.writeString(secret, SECRET);
    server =
        TestServer.guarded(
            redis,
            new ServerConfig.Security(
                new AuthSettings(null, List.of(secret), jwks, ISSUER, AUDIENCE),
                null,
                List.of(AddressRange.parse("127.0.0.1").orElseThrow()),
                false));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String origin() {
    return "ws://127.0.0.1:" + server.port();
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("alice")
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .expirationTime(in(600))
        .claim("scope", "openid observe")
        .claim("swarms", List.of("a-*"));
  }

  private static Date in(int seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private String byRsa(JWTClaimsSet claims) throws JOSEException {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
    return signed(header, claims, new RSASSASigner(rsa));
  }

  @Test
  void tokens_thatAreGood_openSessions() throws Exception {
    JWSHeader es = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec-1").build();
    Map<String, String> good =
        Map.of(
            "RS256", byRsa(claims().build()),
            "ES256", signed(es, claims().build(), new ECDSASigner(ec)),
            "without kid",
                signed(new JWSHeader(JWSAlgorithm.RS256), claims().build(), new RSASSASigner(rsa)),
            "HS256",
                signed(new JWSHeader(JWSAlgorithm.HS256), claims().build(), new MACSigner(SECRET)),
            "expired within the leeway", byRsa(claims().expirationTime(in(-10)).build()),
            "not yet within the leeway", byRsa(claims().notBeforeTime(in(10)).build()),
            "several audiences", byRsa(claims().audience(List.of("other", AUDIENCE)).build()));

    good.forEach(
        (name, token) -> {
          try (JsonClient client = JsonClient.connectOnly(server.port())) {
            JsonNode welcome = client.ok("session.open", JsonClient.opening(token));
            assertThat(welcome.get("expiresAt").asLong()).as(name).isPositive();
            assertThat(client.refusal("task.retry", "{\"taskId\":\"t\"}"))
                .isEqualTo("PERMISSION_DENIED");
            client.ok("swarm.list", "{}");
          }
        });
  }

  @Test
  void tokens_thatAreForged_openNothing() throws Exception {
    for (Map.Entry<String, String> bad : forged().entrySet()) {
      // Each from an address of its own, for one that fails often waits.
      try (JsonClient client =
          JsonClient.connectOnly(
              HTTP, origin(), Map.of("X-Forwarded-For", "198.51.100." + ++addresses))) {
        JsonNode error = client.error("session.open", JsonClient.opening(bad.getValue()));
        assertThat(error.at("/data/name").asString()).as(bad.getKey()).isEqualTo("UNAUTHENTICATED");
        if (bad.getValue().length() > 20) {
          assertThat(error.toString()).doesNotContain(bad.getValue().substring(0, 20));
        }
        assertThat(client.closeCode()).as(bad.getKey()).isEqualTo(4500);
      }
    }
  }

  @Test
  void tokens_thatAreForged_inTheHandshakeAre401() throws Exception {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("another scheme", "Basic YTpi");
    headers.put("no token", "Bearer");
    headers.put("two words", "Bearer a b");
    forged().forEach((name, token) -> headers.put(name, "Bearer " + token));
    for (Map.Entry<String, String> bad : headers.entrySet()) {
      assertThat(handshake(bad.getValue())).as(bad.getKey()).isEqualTo("401");
    }
    try (JsonClient client =
        JsonClient.connectOnly(
            HTTP, origin(), Map.of("Authorization", "Bearer " + byRsa(claims().build())))) {
      assertThat(client.ok("session.open", "{\"protocol\":1}").has("expiresAt")).isTrue();
    }
  }

  /** Why the JDK's client could not connect; it tells the status of the answer. */
  private String handshake(String authorization) {
    try {
      JsonClient.connectOnly(
              HTTP,
              origin(),
              Map.of(
                  "Authorization", authorization, "X-Forwarded-For", "198.51.100." + ++addresses))
          .crash();
      return "connected";
    } catch (AssertionError refused) {
      Throwable cause = refused.getCause();
      while (cause != null && !(cause instanceof WebSocketHandshakeException)) {
        cause = cause.getCause();
      }
      return cause instanceof WebSocketHandshakeException handshake
          ? String.valueOf(handshake.getResponse().statusCode())
          : String.valueOf(refused);
    }
  }

  private Map<String, String> forged() throws Exception {
    Map<String, String> forged = new LinkedHashMap<>();
    forged.put("expired", byRsa(claims().expirationTime(in(-31)).build()));
    forged.put("not yet", byRsa(claims().notBeforeTime(in(40)).build()));
    forged.put("never expires", byRsa(claims().expirationTime(null).build()));
    forged.put("other issuer", byRsa(claims().issuer("https://other.example").build()));
    forged.put("no issuer", byRsa(claims().issuer(null).build()));
    forged.put("other audience", byRsa(claims().audience("other").build()));
    forged.put("no audience", byRsa(claims().audience((String) null).build()));
    forged.put("no subject", byRsa(claims().subject(null).build()));
    forged.put("alg none", new PlainJWT(claims().build()).serialize());
    forged.put("public key as a secret", byPublicKeyAsSecret());
    forged.put("HS256 under the kid of RSA", byOtherSecret());
    JWSHeader unknown = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-9").build();
    forged.put("unknown kid", signed(unknown, claims().build(), new RSASSASigner(rsa)));
    JWSHeader known = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
    forged.put("strange key", signed(known, claims().build(), new RSASSASigner(stranger)));
    JWSHeader longer = new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("rsa-1").build();
    forged.put("RS512 by the right key", signed(longer, claims().build(), new RSASSASigner(rsa)));
    String[] parts = byRsa(claims().build()).split("\\.");
    String changed =
        Base64URL.encode(claims().claim("scope", "admin").build().toString()).toString();
    forged.put("changed claims", parts[0] + "." + changed + "." + parts[2]);
    forged.put("no signature", parts[0] + "." + parts[1] + ".");
    forged.put("alg none, signature kept", none() + "." + parts[1] + "." + parts[2]);
    forged.put("no token at all", "nonsense");
    forged.put("empty", "");
    return forged;
  }

  private static String none() {
    return Base64URL.encode("{\"alg\":\"none\",\"kid\":\"rsa-1\"}").toString();
  }

  private String byPublicKeyAsSecret() throws JOSEException {
    byte[] pem =
        ("-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(rsa.toRSAPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n")
            .getBytes(StandardCharsets.US_ASCII);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();
    return signed(header, claims().build(), new MACSigner(pem));
  }

  private static String byOtherSecret() throws JOSEException {
    return signed(
        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(),
        claims().build(),
        new MACSigner("another secret of more than thirty-two bytes"));
  }

  /** EdDSA is verified by the JDK and not by the library. */
  @Test
  void tokens_byEdDsa_areGoodUnlessChanged(TestRedis redis, @TempDir Path directory)
      throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path pem = directory.resolve("ed.pem");
    Files.writeString(
        pem,
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    String input =
        Base64URL.encode("{\"alg\":\"EdDSA\"}")
            + "."
            + Base64URL.encode(claims().build().toString());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(input.getBytes(StandardCharsets.US_ASCII));
    String token = input + "." + Base64URL.encode(signature.sign());
    try (TestServer ed =
        TestServer.guarded(
            redis, TokensFixture.security(new AuthSettings(null, List.of(), pem, null, null)))) {
      JsonClient.connect(ed.port(), token).close();
      try (JsonClient client = JsonClient.connectOnly(ed.port())) {
        String changed = token.substring(0, token.length() - 8) + "AAAAAAAA";
        assertThat(client.refusal("session.open", JsonClient.opening(changed)))
            .isEqualTo("UNAUTHENTICATED");
      }
    }
  }
}
