package io.multiswarm.internal.redis;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What users name freely, as words that records and fields in Redis are made of. */
public final class Labels {

  private static final int LONGEST = 48;
  private static final char HASHED = '#';

  private Labels() {}

  /**
   * A text as a word of bounded length without white space: short ones as they are, URL-encoded,
   * all others by their hash.
   */
  public static String of(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return encoded.isEmpty() || encoded.length() > LONGEST ? HASHED + hash(text) : encoded;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
