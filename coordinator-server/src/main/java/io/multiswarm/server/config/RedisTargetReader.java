package io.multiswarm.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which Redis is meant: {@code REDIS_URL} goes before the single settings, a flag before
 * both kinds of variables, and none of them means the embedded one.
 */
final class RedisTargetReader {

  private static final List<Setting> PARTS =
      List.of(Setting.REDIS_HOST, Setting.REDIS_PORT, Setting.REDIS_DB);

  private static final long LEAST_MEMORY = 32L << 20;
  private static final long MOST_MEMORY = 1L << 50;

  private final SettingValues values;

  RedisTargetReader(SettingValues values) {
    this.values = values;
  }

  RedisTarget read() {
    if (isUrlMeant(values)) {
      return external(url());
    }
    if (PARTS.stream().anyMatch(values::isGiven)
        || values.isGiven(Setting.REDIS_PASSWORD)
        || RedisAccessReader.SETTINGS.stream().anyMatch(values::isGiven)) {
      return external(urlOfParts());
    }
    return new RedisTarget.Embedded(
        dataDir(),
        values.bytes(Setting.REDIS_MAX_MEMORY, LEAST_MEMORY, MOST_MEMORY),
        program(),
        values.searchPath());
  }

  private RedisTarget external(String written) {
    String url = values.bool(Setting.REDIS_TLS) ? RedisUrls.encrypted(written) : written;
    return new RedisTarget.External(url, new RedisAccessReader(values).read(url));
  }

  static List<String> warnings(SettingValues values) {
    Stream<Setting> ignored =
        isUrlMeant(values) ? PARTS.stream().filter(values::isGiven) : Stream.empty();
    return ignored.map(part -> values.name(part) + " is ignored: REDIS_URL is set").toList();
  }

  private static boolean isUrlMeant(SettingValues values) {
    boolean partsByFlag = PARTS.stream().anyMatch(part -> values.source(part) == Source.FLAG);
    return values.source(Setting.REDIS_URL) == Source.FLAG
        || values.isGiven(Setting.REDIS_URL) && !partsByFlag;
  }

  private String url() {
    String url = values.required(Setting.REDIS_URL).strip();
    if (!RedisUrls.isRedisUrl(url)) {
      throw values.refused(
          Setting.REDIS_URL,
          "is no address of a Redis: write redis://, rediss:// or redis-sentinel:// and a host");
    }
    return RedisUrls.withPassword(url, password());
  }

  private String urlOfParts() {
    String host = values.text(Setting.REDIS_HOST).orElse("localhost").strip();
    if (!host.matches("[A-Za-z0-9._:\\[\\]%-]+")) {
      throw values.refused(Setting.REDIS_HOST, "is no host name or address");
    }
    return RedisUrls.of(host, port(), values.number(Setting.REDIS_DB, 0, 1_000_000, 0), password());
  }

  private int port() {
    if (values.text(Setting.REDIS_PORT).orElse("").startsWith("tcp://")) {
      throw values.refused(
          Setting.REDIS_PORT,
          "is what Kubernetes sets for a service named redis: set enableServiceLinks: false, or"
              + " give --redis-port");
    }
    return values.number(Setting.REDIS_PORT, 1, 65_535, 6379);
  }

  private @Nullable String password() {
    return values.text(Setting.REDIS_PASSWORD).orElse(null);
  }

  private String program() {
    String text = values.required(Setting.REDIS_SERVER).strip();
    if (!Set.of("auto", "bundled").contains(text) && !text.contains("/")) {
      throw values.refused(
          Setting.REDIS_SERVER, "is neither auto nor bundled nor the path of a program");
    }
    return text;
  }

  private Path dataDir() {
    String text = values.required(Setting.DATA_DIR);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw values.refused(Setting.DATA_DIR, "is no path");
    }
  }
}
