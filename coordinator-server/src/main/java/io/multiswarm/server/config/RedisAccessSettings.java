package io.multiswarm.server.config;

import io.multiswarm.common.RedisAccess;
import io.multiswarm.common.RedisAccess.RedisLogin;
import io.multiswarm.common.RedisTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of logins and TLS to Redis. Files are read with each connection, so that
 * they can be exchanged without a restart.
 *
 * @param redis null for what the address says
 * @param sentinel null for none
 */
public record RedisAccessSettings(@Nullable Login redis, @Nullable Login sentinel, TlsFiles tls) {

  static final RedisAccessSettings NONE =
      new RedisAccessSettings(null, null, new TlsFiles(null, null, null, null, null));

  /**
   * @param passwordFile goes before the password; its last line feed does not count
   */
  record Login(@Nullable String user, @Nullable String password, @Nullable Path passwordFile) {

    private RedisLogin read() {
      return new RedisLogin(user, readPassword());
    }

    private String readPassword() {
      if (passwordFile == null) {
        return password == null ? "" : password;
      }
      try {
        if (Files.exists(passwordFile) && !Files.isRegularFile(passwordFile)) {
          throw new IOException("it is no regular file"); // so it may have no end
        }
        return Files.readString(passwordFile).stripTrailing();
      } catch (IOException e) {
        throw new UncheckedIOException(passwordFile + " cannot be read (" + e + ")", e);
      }
    }

    @Override
    public String toString() {
      return "Login[" + user + "]"; // never the password
    }
  }

  /**
   * @param authorities null for Java's own
   * @param verify null for what the address says
   */
  record TlsFiles(
      @Nullable Path authorities,
      @Nullable Path certificates,
      @Nullable Path key,
      @Nullable String serverName,
      RedisAccess.@Nullable Verify verify) {}

  /** For the library. */
  public RedisAccess toAccess() {
    return RedisAccess.defaults()
        .withLogin(redis == null ? null : redis::read)
        .withSentinelLogin(sentinel == null ? null : sentinel::read)
        .withTls(RedisTls.files(tls.authorities, tls.certificates, tls.key))
        .withServerName(tls.serverName)
        .withVerify(tls.verify);
  }
}
