package io.multiswarm.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class, or one test, that needs a Redis and takes it as a parameter, of a test method, a
 * lifecycle method or the constructor:
 *
 * <ul>
 *   <li>{@link TestRedis}: the one that all tests of the JVM share, started with the first of them.
 *       Each test has a fleet of its own in it, and what the fleet left behind is removed after the
 *       test.
 *   <li>{@link OwnedRedis}: one of its own with the append-only file on, which the test may stop,
 *       kill, pause and restart. It lives as long as what it was a parameter of: a test, or with
 *       {@code @BeforeAll} the class.
 * </ul>
 *
 * <p>{@code -Dtest.redis} says where Redis comes from: nothing or {@code embedded} forks the
 * packaged binary, {@code container} runs {@code -Dtest.redis.image} (redis:8-alpine, or any other
 * of Redis or Valkey) by Testcontainers, and {@code redis://host:port/db} uses a running one, where
 * the tests that need an owned Redis are skipped with that reason. Those tagged {@code container},
 * which say most about a Redis that is unlike ours, run in one in each check of a change.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RedisExtension.class)
public @interface RedisTest {

  /**
   * Whether a {@link TestRedis} parameter is a server of its own, too, the same as the {@link
   * OwnedRedis} of the test.
   */
  boolean dedicated() default false;

  /** As whom the test is known to Redis; anybody but the default needs a server that is ours. */
  RedisUser user() default RedisUser.DEFAULT;

  /** Further settings of an owned Redis, as in redis.conf: {@code "maxmemory 10mb"}. */
  String[] settings() default {};
}
