package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.common.RedisAccess.RedisLogin;
import io.multiswarm.common.RedisTls;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.SelfSigned;
import io.multiswarm.testing.TlsRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How a node and Redis prove themselves to each other, and that it may change meanwhile. */
@RedisTest
class RedisAccessIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LOCAL = "dns:localhost,ip:127.0.0.1";

  private final Scheduler scheduler = Schedulers.newSingle("access", true);
  private final ClientResources threads = DefaultClientResources.create();
  @TempDir private Path directory;

  @AfterEach
  void end() {
    threads.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    scheduler.dispose();
  }

  private RedisLink link(String url, RedisAccess access) {
    RedisLink link = RedisLink.open(url, access, LinkSettings.defaults(), scheduler, threads);
    link.connected().block(PATIENCE);
    return link;
  }

  /** One handshake, and what it ended with. */
  private void greet(String url, RedisAccess access) {
    RedisUrl parsed = RedisUrl.parse(url, PATIENCE);
    Identity identity = new Identity(access, parsed.uri());
    Route route = new Route(identity);
    try {
      new Questions(parsed, identity, route, scheduler, threads)
          .askRedis(parsed.seeds().get(0), RedisAsyncCommands::ping)
          .block(PATIENCE);
    } finally {
      route.close();
    }
  }

  private static RedisAccess trusting(SelfSigned authority) {
    return RedisAccess.defaults().withTls(RedisTls.files(authority.certificate(), null, null));
  }

  private static Supplier<RedisLogin> passwordIn(Path file) {
    return () -> {
      try {
        return RedisLogin.of(Files.readString(file).strip());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Test
  void tls_withOwnAuthorityAndPassword_isSpoken() {
    SelfSigned redis = SelfSigned.make(directory, "redis", LOCAL);
    try (TlsRedis server = TlsRedis.launch(redis, null, "requirepass s3cret")) {
      String url = "rediss://" + server.address();
      RedisAccess access = trusting(redis).withLogin(() -> RedisLogin.of("s3cret"));

      RedisLink link = link(url, access);
      link.writeCanary("canary", PATIENCE).block(PATIENCE);
      link.close().block(PATIENCE);

      assertThatThrownBy(() -> greet(url, RedisAccess.defaults()))
          .as("Java does not know its authority")
          .hasStackTraceContaining("unable to find valid certification path");
      greet(url, access.withTls(() -> RedisTls.DEFAULT).withVerify(RedisAccess.Verify.NONE));
    }
  }

  @Test
  void sentinel_withTlsAndAPassword_leadsToItsMaster() {
    SelfSigned redis = SelfSigned.make(directory, "redis", LOCAL);
    try (TlsRedis master = TlsRedis.launch(redis, null);
        TlsRedis sentinel = TlsRedis.sentinelOf(master, redis, "s3ntinel")) {
      String url = "rediss-sentinel://" + sentinel.address() + "#mymaster";
      RedisAccess access = trusting(redis).withSentinelLogin(() -> RedisLogin.of("s3ntinel"));

      RedisLink link = link(url, access);
      link.writeCanary("canary", PATIENCE).block(PATIENCE);
      link.close().block(PATIENCE);
    }
  }

  @Test
  void certificate_ofAnotherName_isTakenForTheNameThatIsGiven() {
    SelfSigned redis = SelfSigned.make(directory, "redis", "dns:redis.example");
    try (TlsRedis server = TlsRedis.launch(redis, null)) {
      String url = "rediss://" + server.address();
      RedisAccess access = trusting(redis);

      assertThatThrownBy(() -> greet(url, access))
          .hasStackTraceContaining("No subject alternative names matching IP address");
      assertThatThrownBy(() -> greet(url, access.withServerName("other.example")))
          .hasStackTraceContaining("other.example");
      greet(url, access.withServerName("redis.example"));
      greet(url, access.withVerify(RedisAccess.Verify.CA));
    }
  }

  @Test
  void certificates_thatChange_areUsedByTheNextConnection() throws IOException {
    SelfSigned redis = SelfSigned.make(directory, "redis", LOCAL);
    SelfSigned mine = SelfSigned.make(directory, "mine", LOCAL);
    SelfSigned next = SelfSigned.make(directory, "next", LOCAL);
    Path certificate = Files.copy(next.certificate(), directory.resolve("node.crt"));
    Path key = Files.copy(next.key(), directory.resolve("node.key"));
    try (TlsRedis server = TlsRedis.launch(redis, mine)) {
      String url = "rediss://" + server.address();
      RedisAccess access =
          trusting(redis).withTls(RedisTls.files(redis.certificate(), certificate, key));
      assertThatThrownBy(() -> greet(url, access))
          .as("Redis does not know the certificate")
          .isInstanceOf(RuntimeException.class);
      Files.copy(mine.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(mine.key(), key, StandardCopyOption.REPLACE_EXISTING);

      RedisLink link = link(url, access);
      server.restart();
      // Half of a rotation: what was read before stays in force.
      Files.writeString(certificate, "no certificate");
      Await.await("the connections of the former", PATIENCE, link::isUp);
      link.close().block(PATIENCE);
    }
  }

  @Test
  void password_thatChanges_isUsedByTheNextConnection(OwnedRedis redis) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "first\n");
    redis.config("requirepass", "first");
    RedisLink link = link(redis.uri(), RedisAccess.defaults().withLogin(passwordIn(file)));

    Files.writeString(file, "second\n");
    redis.config("requirepass", "second");
    for (String type : List.of("normal", "pubsub")) {
      redis.killClients(type);
    }

    Await.await("the cut", PATIENCE, () -> redis.killClients("normal") >= 0 && !link.isUp());
    Await.await("the connections", PATIENCE, link::isUp);
    link.writeCanary(redis.fleet(), PATIENCE).block(PATIENCE);
    link.close().block(PATIENCE);
  }
}
