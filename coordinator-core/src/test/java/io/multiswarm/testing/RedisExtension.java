package io.multiswarm.testing;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests the Redis that {@link RedisTest} describes. Stores own the servers, so each ends with
 * its scope.
 */
final class RedisExtension implements ParameterResolver, ExecutionCondition {

  private static final Namespace NAMESPACE = Namespace.create(RedisExtension.class);
  private static final ConditionEvaluationResult RUNS =
      ConditionEvaluationResult.enabled("Redis can be what it needs");

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestRedis.class || type == OwnedRedis.class;
  }

  @Override
  public TestRedis resolveParameter(ParameterContext parameter, ExtensionContext context) {
    boolean owned = parameter.getParameter().getType() == OwnedRedis.class || isDedicated(context);
    return owned ? owned(context) : shared(context);
  }

  /**
   * A condition and no assumption, because an exception out of a parameter resolver is always a
   * failure.
   */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (RedisServers.canOwn() || !needsOwned(context)) {
      return RUNS;
    }
    return ConditionEvaluationResult.disabled(
        "needs a Redis that it may break, and -Dtest.redis names a running one");
  }

  private static OwnedRedis owned(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            OwnedResource.class,
            key -> new OwnedResource(settings(context), user(context)),
            OwnedResource.class)
        .redis;
  }

  private static TestRedis shared(ExtensionContext context) {
    Store root = context.getRoot().getStore(NAMESPACE);
    RedisUser user = user(context);
    RedisServer server =
        root.computeIfAbsent(user, key -> RedisServers.shared(user.settings()), RedisServer.class);
    // Keyed by the context too: otherwise a test would be given the fleet of its class.
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            context.getUniqueId(), key -> new SharedResource(server, user), SharedResource.class)
        .redis;
  }

  private static boolean needsOwned(ExtensionContext context) {
    return isDedicated(context)
        || user(context) != RedisUser.DEFAULT
        || executables(context)
            .flatMap(executable -> Arrays.stream(executable.getParameterTypes()))
            .anyMatch(OwnedRedis.class::equals);
  }

  /** What takes parameters when the context, a test or a class, is run. */
  private static Stream<Executable> executables(ExtensionContext context) {
    if (context.getTestMethod().isPresent()) {
      return context.getTestMethod().stream().map(Executable.class::cast);
    }
    Class<?> type = context.getRequiredTestClass();
    Stream<Method> lifecycle =
        Arrays.stream(type.getDeclaredMethods())
            .filter(
                method ->
                    method.isAnnotationPresent(BeforeEach.class)
                        || method.isAnnotationPresent(BeforeAll.class));
    return Stream.concat(Arrays.stream(type.getDeclaredConstructors()), lifecycle);
  }

  private static boolean isDedicated(ExtensionContext context) {
    return annotations(context).anyMatch(RedisTest::dedicated);
  }

  private static RedisUser user(ExtensionContext context) {
    return annotations(context)
        .map(RedisTest::user)
        .filter(user -> user != RedisUser.DEFAULT)
        .reduce(RedisUser.DEFAULT, (outer, inner) -> inner);
  }

  private static List<String> settings(ExtensionContext context) {
    return annotations(context)
        .flatMap(annotation -> Arrays.stream(annotation.settings()))
        .toList();
  }

  /** The class's first, so that the settings of a test come last and win. */
  private static Stream<RedisTest> annotations(ExtensionContext context) {
    return Stream.concat(
        context.getTestClass().stream()
            .flatMap(
                type ->
                    AnnotationSupport.findAnnotation(
                        type, RedisTest.class, context.getEnclosingTestClasses())
                        .stream()),
        context.getTestMethod().stream()
            .flatMap(method -> AnnotationSupport.findAnnotation(method, RedisTest.class).stream()));
  }

  private static final class OwnedResource implements AutoCloseable {
    final RedisServer server;
    final OwnedRedis redis;

    OwnedResource(List<String> settings, RedisUser user) {
      List<String> all = new ArrayList<>(settings);
      all.addAll(user.settings());
      RedisServer.Owned owned = RedisServers.owned(all);
      server = owned;
      redis = new OwnedRedis(owned, user);
    }

    @Override
    public void close() {
      redis.disconnect();
      server.close();
    }
  }

  private static final class SharedResource implements AutoCloseable {
    final TestRedis redis;

    SharedResource(RedisServer server, RedisUser user) {
      redis = new TestRedis(server, user);
    }

    @Override
    public void close() {
      try {
        redis.removeFleet();
      } finally {
        redis.disconnect();
      }
    }
  }
}
