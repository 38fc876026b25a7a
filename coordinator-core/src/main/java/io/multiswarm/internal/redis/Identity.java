package io.multiswarm.internal.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.common.RedisAccess.RedisLogin;
import io.multiswarm.common.RedisTls;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node proves itself with, read anew for each connection. What cannot be read then is told
 * once, and the former stays: files are often exchanged one after the other.
 *
 * <p><b>Threading.</b> {@link #read} on a thread that may block; the rest on any.
 */
final class Identity {

  private static final Logger log = LoggerFactory.getLogger(Identity.class);

  private final RedisAccess access;
  private final RedisCredentialsProvider byAddress;
  private final boolean encrypted;
  private volatile @Nullable Known known;
  private volatile @Nullable String trouble;

  /** What was read last. */
  private record Known(
      RedisCredentials redis, RedisCredentials sentinel, @Nullable TlsFactories tls) {}

  Identity(RedisAccess access, RedisURI uri) {
    this.access = access;
    this.byAddress = uri.getCredentialsProvider();
    this.encrypted = uri.isSsl();
  }

  RedisAccess access() {
    return access;
  }

  /** Asks the application, or reads its files. Blocks. Fails when there is nothing to go by. */
  void read() {
    try {
      known =
          new Known(
              credentials(access.login()),
              credentials(access.sentinelLogin()),
              encrypted ? factories(access.tls().get()) : null);
      trouble = null;
    } catch (RuntimeException e) {
      String reason = "what this node proves itself to Redis with: " + e.getMessage();
      if (known == null) {
        throw CoordinationException.of(ErrorCode.FAILED_PRECONDITION, "%s", reason).causedBy(e);
      }
      if (!reason.equals(trouble)) {
        log.warn("{}; what was read before stays in force", reason);
      }
      trouble = reason;
    }
  }

  private static RedisCredentials credentials(@Nullable Supplier<RedisLogin> supplier) {
    if (supplier == null) {
      return RedisCredentials.just(null, (char[]) null);
    }
    RedisLogin login = supplier.get();
    return RedisCredentials.just(login.user(), login.password());
  }

  RedisCredentialsProvider forRedis() {
    return access.login() == null
        ? byAddress
        : (ImmediateRedisCredentialsProvider) () -> required().redis;
  }

  RedisCredentialsProvider forSentinel() {
    return (ImmediateRedisCredentialsProvider) () -> required().sentinel;
  }

  /** Asked by Lettuce for the material with each connection. */
  SslOptions ssl(Duration handshake) {
    return SslOptions.builder()
        .handshakeTimeout(handshake)
        .sslContext(builder -> adapt(builder, required().tls))
        .build();
  }

  private TlsFactories factories(RedisTls tls) {
    Known before = known;
    return before != null && before.tls != null && before.tls.of().equals(tls)
        ? before.tls
        : TlsFactories.of(tls);
  }

  private static void adapt(SslContextBuilder builder, @Nullable TlsFactories tls) {
    if (tls != null) {
      builder.trustManager(tls.trust());
      if (tls.keys() != null) {
        builder.keyManager(tls.keys());
      }
    }
  }

  private Known required() {
    Known now = known;
    if (now == null) {
      throw new IllegalStateException("a connection was begun before the credentials were read");
    }
    return now;
  }
}
