package io.multiswarm.server.auth;

import io.multiswarm.server.files.FileException;
import io.multiswarm.server.files.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

/** Public keys in PEM, bare or in certificates; a file may have several. */
final class PemKeys {

  /** Before the 32 bytes of a key in its X.509 form (RFC 8410). */
  private static final byte[] ED25519 = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private static final int ED25519_BYTES = 32;

  private PemKeys() {}

  static List<PublicKey> read(String pem) {
    List<PublicKey> keys = Pem.blocks(pem).stream().map(PemKeys::key).toList();
    if (keys.isEmpty()) {
      throw new FileException("is neither a JWKS nor a PEM file");
    }
    return keys;
  }

  private static PublicKey key(Pem.Block block) {
    try {
      return switch (block.kind()) {
        case "PUBLIC KEY" -> publicKey(block.der());
        case "CERTIFICATE" ->
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(block.der()))
                .getPublicKey();
        default ->
            throw new FileException("has a " + block + "; give a PUBLIC KEY or a CERTIFICATE");
      };
    } catch (GeneralSecurityException e) {
      throw new FileException("has a " + block + " that cannot be read");
    }
  }

  private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // Of another kind, then.
        continue;
      }
    }
    throw new GeneralSecurityException("none of these");
  }

  static PublicKey ed25519(byte[] raw) {
    if (raw.length != ED25519_BYTES) {
      throw new FileException("has an Ed25519 key that has not 32 bytes");
    }
    byte[] der = new byte[ED25519.length + raw.length];
    System.arraycopy(ED25519, 0, der, 0, ED25519.length);
    System.arraycopy(raw, 0, der, ED25519.length, raw.length);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new FileException("has an Ed25519 key that cannot be read");
    }
  }
}
