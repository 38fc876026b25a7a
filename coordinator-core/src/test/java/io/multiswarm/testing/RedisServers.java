package io.multiswarm.testing;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code -Dtest.redis} and {@code -Dtest.redis.image}: the one place that knows which servers
 * there are.
 */
final class RedisServers {

  private static final String SOURCE = System.getProperty("test.redis", "embedded");
  private static final String IMAGE = System.getProperty("test.redis.image", "redis:8-alpine");

  private static final List<String> COMMON =
      List.of("save \"\"", "maxmemory-policy noeviction", "enable-debug-command yes");
  private static final List<String> VOLATILE = List.of("appendonly no");
  private static final List<String> DURABLE = List.of("appendonly yes", "appendfsync everysec");

  private RedisServers() {}

  static boolean canOwn() {
    return !SOURCE.contains("://");
  }

  /** The one for all tests: as fast as it gets, since nobody restarts it. */
  static RedisServer shared(List<String> settings) {
    return canOwn() ? launch(VOLATILE, settings) : new ExternalRedis(URI.create(SOURCE));
  }

  static RedisServer.Owned owned(List<String> settings) {
    if (!canOwn()) {
      throw new IllegalStateException("test.redis=" + SOURCE + " is not ours to break");
    }
    return launch(DURABLE, settings);
  }

  private static RedisServer.Owned launch(List<String> durability, List<String> more) {
    List<String> settings = new ArrayList<>(COMMON);
    settings.addAll(durability);
    settings.addAll(more);
    return switch (SOURCE) {
      case "embedded" -> ForkedRedis.launch(settings);
      case "container" -> ContainerRedis.launch(IMAGE, settings);
      default ->
          throw new IllegalArgumentException(
              "test.redis is embedded, container or redis://host:port/db, and not " + SOURCE);
    };
  }
}
