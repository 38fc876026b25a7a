package io.multiswarm.internal.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret that entitles to attach a swarm: 256 random bits, of which Redis knows the SHA-256.
 *
 * <p>The generator is seeded by the constructor and reads no device afterwards, so that keys can be
 * made on an event loop.
 */
final class AttachKey {

  private static final int BYTES = 32;

  private final SecureRandom random = seeded();

  private static SecureRandom seeded() {
    try {
      SecureRandom drbg = SecureRandom.getInstance("DRBG");
      drbg.nextBytes(new byte[1]);
      return drbg;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has DRBG", e);
    }
  }

  String generate() {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  static String hash(String key) {
    return HexFormat.of().formatHex(sha256(key));
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
