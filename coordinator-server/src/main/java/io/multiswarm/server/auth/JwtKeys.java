package io.multiswarm.server.auth;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.multiswarm.server.files.FileException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that files have: all of them at the same time, so that one can follow the other. */
final class JwtKeys {

  private static final int MOST = 32;

  private JwtKeys() {}

  /**
   * The secret of {@code AUTH_JWT_SECRET_FILE}: its bytes. When an editor ended them with a line
   * break, they are tried without it, too.
   */
  static List<JwtKey> ofSecret(byte[] file) {
    List<JwtKey> keys = new ArrayList<>();
    keys.add(JwtKey.ofSecret(file));
    int end = file.length;
    while (end > 0 && (file[end - 1] == '\n' || file[end - 1] == '\r')) {
      end--;
    }
    if (end < file.length) {
      keys.add(JwtKey.ofSecret(Arrays.copyOf(file, end)));
    }
    return keys;
  }

  /** The keys of {@code AUTH_JWT_KEYS_FILE}: a JWKS or PEM. */
  static List<JwtKey> ofPublic(byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8).strip();
    List<JwtKey> keys = text.startsWith("{") ? ofJwks(text) : ofPem(text);
    if (keys.isEmpty()) {
      throw new FileException("has no key for RS256, ES256 or EdDSA");
    }
    if (keys.size() > MOST) {
      throw new FileException("has more than " + MOST + " keys");
    }
    return keys;
  }

  private static List<JwtKey> ofPem(String pem) {
    return PemKeys.read(pem).stream().map(key -> JwtKey.ofPublic(null, key)).toList();
  }

  private static List<JwtKey> ofJwks(String text) {
    List<JwtKey> keys = new ArrayList<>();
    try {
      for (JWK jwk : JWKSet.parse(text).getKeys()) {
        JwtKey key = ofJwk(jwk);
        if (key != null) {
          keys.add(key);
        }
      }
    } catch (ParseException e) {
      throw new FileException("is no JWKS (RFC 7517)");
    } catch (JOSEException e) {
      throw new FileException("has a key that cannot be used");
    }
    return keys;
  }

  /** Null for what is for other purposes, which a set of keys may have. */
  private static @Nullable JwtKey ofJwk(JWK jwk) throws JOSEException {
    if (jwk instanceof OctetSequenceKey) {
      throw new FileException("has a secret, which belongs in AUTH_JWT_SECRET_FILE");
    }
    if (jwk.isPrivate()) {
      throw new FileException("has a private key; give its public part alone");
    }
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())
        || jwk.getKeyOperations() != null
            && !jwk.getKeyOperations().contains(KeyOperation.VERIFY)) {
      return null;
    }
    if (jwk instanceof RSAKey rsa && isFor(jwk, JWSAlgorithm.RS256)) {
      return JwtKey.of(rsa);
    }
    if (jwk instanceof ECKey ec
        && Curve.P_256.equals(ec.getCurve())
        && isFor(jwk, JWSAlgorithm.ES256)) {
      return JwtKey.of(ec);
    }
    if (jwk instanceof OctetKeyPair ed
        && Curve.Ed25519.equals(ed.getCurve())
        && (isFor(jwk, JWSAlgorithm.EdDSA) || isFor(jwk, JWSAlgorithm.Ed25519))) {
      return JwtKey.of(ed);
    }
    return null;
  }

  private static boolean isFor(JWK jwk, Algorithm algorithm) {
    return jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm);
  }
}
