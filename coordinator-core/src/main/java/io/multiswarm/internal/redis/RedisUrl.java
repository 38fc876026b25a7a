package io.multiswarm.internal.redis;

import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.RedisAccess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the address of a Redis says.
 *
 * @param uri as Lettuce reads it; of several hosts it is the first one's
 * @param seeds where to begin: the server, some servers of a cluster, or Sentinels; empty for a
 *     Unix socket
 * @param master its name among Sentinels; null for no Sentinel
 */
record RedisUrl(RedisURI uri, List<RedisAddress> seeds, @Nullable String master) {

  /**
   * @param handshake what a connection may take, unless the address says otherwise: Lettuce waits a
   *     minute
   */
  static RedisUrl parse(String text, Duration handshake) {
    try {
      RedisURI uri = RedisURI.create(text);
      if (uri.getTimeout().equals(RedisURI.DEFAULT_TIMEOUT_DURATION)) {
        uri.setTimeout(handshake);
      }
      if (!uri.getSentinels().isEmpty()) {
        List<RedisAddress> seeds = uri.getSentinels().stream().map(RedisUrl::address).toList();
        return new RedisUrl(uri, seeds, uri.getSentinelMasterId());
      }
      if (uri.getSocket() != null) {
        return new RedisUrl(uri, List.of(), null);
      }
      return new RedisUrl(uri, seeds(uri, text), null);
    } catch (IllegalArgumentException e) {
      throw CoordinationException.of(
              ErrorCode.INVALID_ARGUMENT,
              "redis url: not understood; use redis://[:password@]host[:port][/database]")
          .causedBy(e);
    }
  }

  private static List<RedisAddress> seeds(RedisURI uri, String text) {
    return uri.getHost().indexOf(',') < 0
        ? List.of(address(uri))
        : RedisClusterURIUtil.toRedisURIs(URI.create(text)).stream()
            .map(RedisUrl::address)
            .toList();
  }

  private static RedisAddress address(RedisURI uri) {
    return new RedisAddress(uri.getHost(), uri.getPort());
  }

  /** For a connection of the node to whatever server is the one. */
  RedisURI forNode(RedisAccess access, RedisCredentialsProvider login) {
    RedisURI made = seeds.isEmpty() ? uri : at(seeds.get(0), access);
    made.setCredentialsProvider(login);
    made.setDatabase(uri.getDatabase());
    made.setClientName(uri.getClientName());
    return made;
  }

  /** For a question to one server: no database is chosen, a cluster and Sentinel have none. */
  RedisURI forQuestion(RedisAddress server, RedisAccess access, RedisCredentialsProvider login) {
    RedisURI made = at(server, access);
    made.setCredentialsProvider(login);
    return made;
  }

  private RedisURI at(RedisAddress server, RedisAccess access) {
    RedisURI made = RedisURI.create(server.host(), server.port());
    made.setTimeout(uri.getTimeout());
    made.setSsl(uri.isSsl());
    made.setStartTls(uri.isStartTls());
    RedisAccess.Verify verify = access.verify();
    made.setVerifyPeer(verify == null ? uri.getVerifyMode() : SslVerifyMode.valueOf(verify.name()));
    return made;
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return (uri.isSsl() ? "TLS " : "")
        + (seeds.isEmpty() ? uri.getSocket() : seeds)
        + (master == null ? "" : " (Sentinels of " + master + ")");
  }
}
