package io.multiswarm.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.multiswarm.server.files.FileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens whose signature is right and whose contents are strange: byte for byte as written here.
 */
class JwtTokensTest {

  private static final byte[] SECRET = "s".repeat(32).getBytes(StandardCharsets.US_ASCII);
  private static final String HEADER = "{\"alg\":\"HS256\"}";
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private Tokens tokens;

  @BeforeEach
  void readKeys(@TempDir Path directory) throws Exception {
    Path secret = Files.write(directory.resolve("secret"), SECRET);
    tokens = new Tokens(new AuthSettings(null, List.of(secret), null, null, "us"));
  }

  private static String signed(String header, String payload) throws GeneralSecurityException {
    String input = Base64URL.encode(header) + "." + Base64URL.encode(payload);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
    return input + "." + Base64URL.encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
  }

  private AccessGrant judged(String header, String payload) throws GeneralSecurityException {
    return tokens.judge(signed(header, payload), NOW);
  }

  /** Claims that are good, with these members before them. */
  private static String claims(String others) {
    return "{" + others + (others.isEmpty() ? "" : ",") + "\"sub\":\"s\",\"aud\":\"us\"}";
  }

  private static final String EXP = "\"exp\":1800000600";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":\"1800000600\"",
        "\"exp\":\"soon\"",
        "\"exp\":null",
        "\"exp\":true",
        "\"exp\":[1800000600]",
        "\"exp\":{}",
        "\"exp\":1e400",
        "\"exp\":-1e400",
        "\"exp\":-1",
        "\"exp\":0",
        "\"exp\":-18446742273708952",
        "\"exp\":1800000600000",
        "\"exp\":1e15",
        "\"exp\":9223372036854775807",
        "\"exp\":9223372036854775808",
        "\"exp\":99999999999999999999999999999999",
        "\"exp\":NaN",
        "\"exp\":Infinity",
        "\"exp\":0x7fffffff",
        EXP + ",\"exp\":1",
        "\"exp\":1," + EXP,
        EXP + ",\"nbf\":\"now\"",
        EXP + ",\"nbf\":1800000100",
        EXP + ",\"nbf\":1e300",
        EXP + ",\"nbf\":18446744073709552",
        EXP + ",\"iat\":{}",
        EXP + ",\"iss\":7",
        EXP + ",\"scope\":7",
        EXP + ",\"scope\":[\"admin\"]",
        EXP + ",\"scope\":{\"admin\":true}",
        EXP + ",\"swarms\":{}",
        EXP + ",\"swarms\":\"*\"",
        EXP + ",\"swarms\":7",
        EXP + ",\"swarms\":[null]",
        EXP + ",\"swarms\":[\"a\",null]",
        EXP + ",\"swarms\":[7]",
        EXP + ",\"swarms\":[[\"*\"]]",
        EXP + ",\"fleet\":7",
        EXP + ",\"fleet\":[\"blue\"]",
        EXP + ",\"fleets\":\"blue\"",
        EXP + ",\"fleets\":[null]",
        EXP + ",\"fleets\":[7]",
        EXP + ",\"fleets\":{}",
        EXP + ",\"fleet\":\"blue\",\"fleets\":[]",
      })
  void claims_ofAnotherKind_makeATokenBad(String others) {
    assertThatThrownBy(() -> judged(HEADER, claims(others))).isExactlyInstanceOf(BadToken.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "[]",
        "\"text\"",
        "{",
        "{}",
        "{\"exp\":1800000600,\"aud\":\"us\"}",
        "{\"exp\":1800000600,\"aud\":\"us\",\"sub\":\"\"}",
        "{\"exp\":1800000600,\"aud\":\"us\",\"sub\":null}",
        "{\"exp\":1800000600,\"aud\":\"us\",\"sub\":[\"s\"]}",
        "{\"exp\":1800000600,\"aud\":\"us\",\"sub\":\"s\",\"sub\":\"t\"}",
        "{\"exp\":1800000600,\"sub\":\"s\"}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":[]}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":[null]}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":[[\"us\"]]}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":{\"us\":1}}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":7}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":\"us \"}",
        "{\"exp\":1800000600,\"sub\":\"s\",\"aud\":\"us\"} {}",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
      })
  void payload_thatIsNoneOfClaims_makesATokenBad(String payload) {
    assertThatThrownBy(() -> judged(HEADER, payload)).isExactlyInstanceOf(BadToken.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"alg\":7}",
        "{\"alg\":null}",
        "{\"alg\":\"\"}",
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\"}",
        "{\"alg\":\"hs256\"}",
        "{\"alg\":\"HS256 \"}",
        "{\"alg\":\"HS384\"}",
        "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}",
        "{\"alg\":\"HS256\",\"alg\":\"none\"}",
        "{\"alg\":\"HS256\",\"kid\":7}",
        "{\"alg\":\"HS256\",\"kid\":[\"a\"]}",
        "{\"alg\":\"HS256\",\"typ\":7}",
        "{\"alg\":\"HS256\",\"cty\":{}}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"HS256\",\"crit\":[\"alg\"]}",
        "{\"alg\":\"HS256\",\"crit\":\"b64\"}",
        "{\"alg\":\"HS256\",\"crit\":[7]}",
        "{\"alg\":\"HS256\",\"crit\":[null]}",
        "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"HS256\",\"b64\":\"no\"}",
        "{\"alg\":\"HS256\",\"jwk\":7}",
        "{\"alg\":\"HS256\",\"jwk\":{}}",
        "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
        "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}",
        "{\"alg\":\"HS256\",\"jku\":\"not a: uri\"}",
        "{\"alg\":\"HS256\",\"x5u\":\"http://[\"}",
        "{\"alg\":\"HS256\",\"x5c\":[null]}",
        "{\"alg\":\"HS256\",\"x5t\":7}",
      })
  void header_thatIsStrange_makesATokenBad(String header) {
    assertThatThrownBy(() -> judged(header, claims(EXP))).isExactlyInstanceOf(BadToken.class);
  }

  @Test
  void token_ofGoodClaims_isGood() throws Exception {
    AccessGrant plain = judged(HEADER, claims(EXP));
    assertThat(plain.principal().name()).isEqualTo("s");
    assertThat(plain.principal().scopes()).isEmpty();
    assertThat(plain.expiresAt()).isEqualTo(Instant.ofEpochSecond(1_800_000_600));

    // A time may have fractions, an audience be one of several, and what nobody knows counts for
    // nothing.
    String others =
        "\"exp\":1800000600.5,\"iat\":2100000000,\"scopes\":[\"admin\"],\"scope\":\"observe root\"";
    assertThat(judged(HEADER, claims(others)).principal().scopes()).containsExactly(Scope.OBSERVE);
    String several = "{\"exp\":253402300799,\"sub\":\"s\",\"aud\":[\"them\",\"us\"]}";
    assertThat(judged("{\"alg\":\"HS256\",\"kid\":\"k\",\"typ\":\"JWT\"}", several)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".", "..", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "....", "e30.e30.", "é.é.é"})
  void text_thatOnlyLooksLikeAToken_isBad(String text) {
    assertThatThrownBy(() -> tokens.judge(text, NOW)).isExactlyInstanceOf(BadToken.class);
  }

  private static List<JwtKey> keys(String jwks) {
    return JwtKeys.ofPublic(jwks.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String jwks, String why) {
    assertThatThrownBy(() -> keys(jwks))
        .isInstanceOf(FileException.class)
        .hasMessageContaining(why);
  }

  @Test
  void keys_thatVerifyNothing_areRefusedOrPassedOver() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    ECKey other = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    assertThat(keys(new JWKSet(List.of(key, other)).toString())).hasSize(2);

    refused(new JWKSet(key).toString(false), "private key");
    String secret = "{\"kty\":\"oct\",\"k\":\"" + "A".repeat(43) + "\"}";
    refused("{\"keys\":[" + secret + "," + other.toPublicJWK() + "]}", "secret");
    ECKey encrypts = new ECKey.Builder(key.toPublicJWK()).keyUse(KeyUse.ENCRYPTION).build();
    ECKey wraps =
        new ECKey.Builder(key.toPublicJWK()).keyOperations(Set.of(KeyOperation.WRAP_KEY)).build();
    refused(new JWKSet(List.of(encrypts, wraps)).toString(), "has no key");
    assertThat(keys(new JWKSet(List.of(encrypts, other)).toString())).hasSize(1);

    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(512);
    RSAPublicKey weak = (RSAPublicKey) rsa.generateKeyPair().getPublic();
    refused(new JWKSet(new RSAKey.Builder(weak).build()).toString(), "2048 bits");
  }

  @Test
  void token_deeplyNested_isBad() {
    String deep = "[".repeat(3000) + "]".repeat(3000);
    assertThatThrownBy(() -> judged(HEADER, claims(EXP + ",\"x\":" + deep)))
        .isExactlyInstanceOf(BadToken.class);
  }
}
