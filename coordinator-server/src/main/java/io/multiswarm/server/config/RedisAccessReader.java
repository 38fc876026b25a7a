package io.multiswarm.server.config;

import io.multiswarm.common.RedisAccess;
import io.multiswarm.server.config.RedisAccessSettings.Login;
import io.multiswarm.server.config.RedisAccessSettings.TlsFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how the server and an external Redis prove themselves to each other. */
record RedisAccessReader(SettingValues values) {

  /** Each of them means an external Redis. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.REDIS_USERNAME,
          Setting.REDIS_PASSWORD_FILE,
          Setting.REDIS_SENTINEL_USERNAME,
          Setting.REDIS_SENTINEL_PASSWORD,
          Setting.REDIS_SENTINEL_PASSWORD_FILE,
          Setting.REDIS_TLS,
          Setting.REDIS_TLS_CA_FILE,
          Setting.REDIS_TLS_CERT_FILE,
          Setting.REDIS_TLS_KEY_FILE,
          Setting.REDIS_TLS_SERVER_NAME,
          Setting.REDIS_TLS_VERIFY);

  private static final List<Setting> OF_TLS =
      List.of(
          Setting.REDIS_TLS_CA_FILE,
          Setting.REDIS_TLS_CERT_FILE,
          Setting.REDIS_TLS_KEY_FILE,
          Setting.REDIS_TLS_SERVER_NAME,
          Setting.REDIS_TLS_VERIFY);

  /**
   * @param url the address as far as it is known
   */
  RedisAccessSettings read(String url) {
    if (!RedisUrls.isEncrypted(url)) {
      for (Setting setting : OF_TLS) {
        if (values.isGiven(setting)) {
          throw values.refused(
              setting, "is of no use without TLS: give REDIS_TLS=true or a rediss:// address");
        }
      }
    }
    return new RedisAccessSettings(redisLogin(url), sentinelLogin(), tls());
  }

  private @Nullable Login redisLogin(String url) {
    Path file = file(Setting.REDIS_PASSWORD_FILE);
    Optional<String> user = values.text(Setting.REDIS_USERNAME);
    Optional<String> password = values.text(Setting.REDIS_PASSWORD);
    if (user.isEmpty() && file == null) {
      return null; // the address has the password, if there is one
    }
    refuseBoth(Setting.REDIS_PASSWORD_FILE, Setting.REDIS_PASSWORD, file);
    if (RedisUrls.hasLogin(url) && password.isEmpty()) {
      Setting named = file == null ? Setting.REDIS_USERNAME : Setting.REDIS_PASSWORD_FILE;
      throw values.refused(named, "is of no use: the address of Redis has a login");
    }
    return new Login(user.orElse(null), password.orElse(null), file);
  }

  private @Nullable Login sentinelLogin() {
    Path file = file(Setting.REDIS_SENTINEL_PASSWORD_FILE);
    refuseBoth(Setting.REDIS_SENTINEL_PASSWORD_FILE, Setting.REDIS_SENTINEL_PASSWORD, file);
    Optional<String> user = values.text(Setting.REDIS_SENTINEL_USERNAME);
    Optional<String> password = values.text(Setting.REDIS_SENTINEL_PASSWORD);
    return user.isEmpty() && password.isEmpty() && file == null
        ? null
        : new Login(user.orElse(null), password.orElse(null), file);
  }

  private void refuseBoth(Setting file, Setting text, @Nullable Path given) {
    if (given != null && values.isGiven(text)) {
      throw values.refused(file, "is of no use beside " + values.name(text));
    }
  }

  private TlsFiles tls() {
    Path certificates = file(Setting.REDIS_TLS_CERT_FILE);
    Path key = file(Setting.REDIS_TLS_KEY_FILE);
    if (certificates == null && key != null) {
      throw values.refused(Setting.REDIS_TLS_KEY_FILE, "is of no use without REDIS_TLS_CERT_FILE");
    }
    return new TlsFiles(
        file(Setting.REDIS_TLS_CA_FILE),
        certificates,
        key == null ? certificates : key,
        values.text(Setting.REDIS_TLS_SERVER_NAME).map(String::strip).orElse(null),
        verify());
  }

  private RedisAccess.@Nullable Verify verify() {
    Optional<String> text = values.text(Setting.REDIS_TLS_VERIFY);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return RedisAccess.Verify.valueOf(text.get().strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw values.refused(Setting.REDIS_TLS_VERIFY, "is none of full, ca, none");
    }
  }

  private @Nullable Path file(Setting setting) {
    return values.text(setting).map(text -> file(setting, text)).orElse(null);
  }

  private Path file(Setting setting, String text) {
    try {
      Path path = Path.of(text.strip());
      if (Files.isReadable(path) && !Files.isDirectory(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // No file either.
    }
    throw values.refused(setting, "is no file that can be read");
  }
}
