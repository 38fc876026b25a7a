package io.multiswarm.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.multiswarm.server.files.FileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs tokens. What it may be used with follows from what it is: a token that names
 * another algorithm is not for this key, so that no public key is ever taken for a secret.
 *
 * @param id the {@code kid}; null when the key has none
 * @param fingerprint tells it from all others
 */
record JwtKey(
    @Nullable String id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier, String fingerprint) {

  private static final int SHORTEST_RSA = 2048;
  private static final int SHORTEST_SECRET = 32;

  /** A secret that both sides know: HS256. */
  static JwtKey ofSecret(byte[] secret) {
    if (secret.length < SHORTEST_SECRET) {
      throw new FileException(
          "a secret for HS256 must have %d bytes or more, it has %d"
              .formatted(SHORTEST_SECRET, secret.length));
    }
    try {
      return new JwtKey(
          null, Set.of(JWSAlgorithm.HS256), new MACVerifier(secret), "secret:" + sha256(secret));
    } catch (JOSEException e) {
      throw new FileException("is no secret for HS256");
    }
  }

  /** RSA, P-256 or Ed25519: RS256, ES256 or EdDSA. */
  static JwtKey ofPublic(@Nullable String id, PublicKey key) {
    String fingerprint = "key:" + sha256(key.getEncoded());
    try {
      if (key instanceof RSAPublicKey rsa) {
        if (rsa.getModulus().bitLength() < SHORTEST_RSA) {
          throw new FileException("an RSA key must have " + SHORTEST_RSA + " bits or more");
        }
        return new JwtKey(id, Set.of(JWSAlgorithm.RS256), new RSASSAVerifier(rsa), fingerprint);
      }
      if (key instanceof ECPublicKey ec) {
        if (!Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
          throw new FileException("an elliptic curve key must be of the curve P-256");
        }
        return new JwtKey(id, Set.of(JWSAlgorithm.ES256), new ECDSAVerifier(ec), fingerprint);
      }
      if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
        Ed25519KeyVerifier verifier = new Ed25519KeyVerifier(key);
        return new JwtKey(id, verifier.supportedJWSAlgorithms(), verifier, fingerprint);
      }
    } catch (JOSEException e) {
      throw new FileException("has a key that cannot be used");
    }
    throw new FileException("has a key that is none for RS256, ES256 or EdDSA");
  }

  static JwtKey of(RSAKey key) throws JOSEException {
    return ofPublic(key.getKeyID(), key.toRSAPublicKey());
  }

  static JwtKey of(ECKey key) throws JOSEException {
    return ofPublic(key.getKeyID(), key.toECPublicKey());
  }

  static JwtKey of(OctetKeyPair key) {
    return ofPublic(key.getKeyID(), PemKeys.ed25519(key.getDecodedX()));
  }

  /** Whether a token of that {@code kid} may be this key's: a key without a name fits any. */
  boolean fits(@Nullable String kid) {
    return id == null || kid == null || id.equals(kid);
  }

  /** Nothing of the key. */
  @Override
  public String toString() {
    return (id == null ? "a key" : "key " + id) + " for " + algorithms;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
