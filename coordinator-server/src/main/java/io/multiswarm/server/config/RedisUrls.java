package io.multiswarm.server.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Builds, completes and masks the addresses of a Redis. */
final class RedisUrls {

  private static final Pattern FORM =
      Pattern.compile(
          "(redis|rediss|redis\\+ssl|redis\\+tls|redis-sentinel|rediss-sentinel|redis-socket|redis\\+socket)://\\S+");
  // Greedy up to the last @, for a password may hold one.
  private static final Pattern USER_INFO = Pattern.compile("://.*@");
  private static final Pattern AUTHORITY_START = Pattern.compile("://");

  private RedisUrls() {}

  static boolean isRedisUrl(String text) {
    return FORM.matcher(text).matches();
  }

  static String of(String host, int port, int database, @Nullable String password) {
    String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return withPassword("redis://" + literal + ":" + port + "/" + database, password);
  }

  /** Returns the address with the password, unless it has credentials of its own. */
  static String withPassword(String url, @Nullable String password) {
    if (password == null || USER_INFO.matcher(url).find()) {
      return url;
    }
    String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    return AUTHORITY_START.matcher(url).replaceFirst("://:" + encoded + "@");
  }

  static boolean hasLogin(String url) {
    return USER_INFO.matcher(url).find();
  }

  /** Whether Redis is spoken to by TLS. */
  static boolean isEncrypted(String url) {
    return url.startsWith("rediss") || url.startsWith("redis+ssl") || url.startsWith("redis+tls");
  }

  /** The same by TLS. */
  static String encrypted(String url) {
    return isEncrypted(url) || !url.startsWith("redis:") && !url.startsWith("redis-sentinel:")
        ? url
        : "rediss" + url.substring("redis".length());
  }

  static String masked(String url) {
    return USER_INFO.matcher(url).replaceFirst("://***@");
  }
}
