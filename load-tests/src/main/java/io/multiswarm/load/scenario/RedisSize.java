package io.multiswarm.load.scenario;

import java.net.URI;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * How much a Redis holds.
 *
 * @param lasting keys that have no TTL
 * @param bytes that it uses
 */
public record RedisSize(long keys, long lasting, long bytes) {

  private static final Pattern USED = Pattern.compile("\\bused_memory:(\\d+)");
  private static final Pattern KEYS = Pattern.compile("\\bdb\\d+:keys=(\\d+),expires=(\\d+)");

  public static Mono<RedisSize> of(URI redis) {
    return RedisInfo.text(redis).map(RedisSize::parse);
  }

  static RedisSize parse(String info) {
    long keys = 0;
    long expiring = 0;
    for (MatchResult found : KEYS.matcher(info).results().toList()) {
      keys += Long.parseLong(found.group(1));
      expiring += Long.parseLong(found.group(2));
    }
    Matcher used = USED.matcher(info);
    if (!used.find()) {
      throw new IllegalStateException("Redis does not say how much memory it uses");
    }
    return new RedisSize(keys, keys - expiring, Long.parseLong(used.group(1)));
  }
}
