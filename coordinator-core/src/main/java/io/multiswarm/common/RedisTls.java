package io.multiswarm.common;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node speaks TLS to Redis with, as PEM texts.
 *
 * @param authorities the certificates that vouch for Redis's; null for those that Java trusts
 * @param certificates the node's own first; null when Redis asks for none
 * @param key its private key, PKCS#8 and not encrypted; null when there is no certificate
 */
public record RedisTls(
    @Nullable String authorities, @Nullable String certificates, @Nullable String key) {

  /** Java's own authorities, and no certificate. */
  public static final RedisTls DEFAULT = new RedisTls(null, null, null);

  public RedisTls {
    if ((certificates == null) != (key == null)) {
      throw CoordinationException.of(
          ErrorCode.INVALID_ARGUMENT, "a certificate for Redis and its key belong together");
    }
  }

  /**
   * Reads files whenever it is asked; any may be null.
   *
   * @param authorities CA certificates
   * @param certificates certificate chain of the node
   * @param key of the certificate
   */
  public static Supplier<RedisTls> files(
      @Nullable Path authorities, @Nullable Path certificates, @Nullable Path key) {
    return () -> new RedisTls(text(authorities), text(certificates), text(key));
  }

  private static @Nullable String text(@Nullable Path file) {
    try {
      return file == null ? null : Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read (" + e + ")", e);
    }
  }

  @Override
  public String toString() {
    return "RedisTls["
        + (authorities == null ? "Java's authorities" : "own authorities")
        + (certificates == null ? "]" : ", with a certificate]"); // never the key
  }
}
