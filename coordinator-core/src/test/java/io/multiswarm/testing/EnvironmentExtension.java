package io.multiswarm.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails the test during which a {@link Violation} was seen, or its class if it came after the last
 * test, or the whole run if only the search for leaks at its end found it. Registered for all tests
 * by {@code META-INF/services}.
 *
 * <p>What a test leaves running may be seen during the next one and fails that: still better than
 * nothing failing, and the violation's stack trace tells whose it was.
 */
public final class EnvironmentExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(EnvironmentExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    // Closed with the root, after all classes. An exception out of it fails the engine, and so the
    // build.
    context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(LastLook.class, key -> new LastLook(), LastLook.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    ErrorLogRecorder.install();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    judge(Violations.take(), expectation(context));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    judge(Violations.take(), Optional.empty());
  }

  private static Optional<ExpectErrorLog> expectation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestMethod(), ExpectErrorLog.class)
        .or(
            () ->
                AnnotationSupport.findAnnotation(
                    context.getRequiredTestClass(),
                    ExpectErrorLog.class,
                    context.getEnclosingTestClasses()));
  }

  private static void judge(List<Violation> seen, Optional<ExpectErrorLog> expectation) {
    List<Violation> unexpected = new ArrayList<>(seen);
    expectation.ifPresent(
        expected -> unexpected.removeIf(violation -> isExpected(violation, expected)));
    if (!unexpected.isEmpty()) {
      throw new AssertionError(
          unexpected.stream()
              .map(Violation::toString)
              .collect(Collectors.joining("\n\n", "Not allowed in a test:\n", "")));
    }
    int missing = expectation.map(ExpectErrorLog::atLeast).orElse(0) - seen.size();
    if (missing > 0) {
      throw new AssertionError(
          missing
              + " expected ERROR not logged: "
              + expectation.map(expected -> String.join(" or ", expected.value())).orElse(""));
    }
  }

  private static boolean isExpected(Violation violation, ExpectErrorLog expected) {
    return violation.kind() == Violation.Kind.ERROR_LOG
        && Arrays.stream(expected.value()).anyMatch(violation.text()::contains);
  }

  private static final class LastLook implements AutoCloseable {
    @Override
    public void close() {
      LeakRecorder.findAll();
      judge(Violations.take(), Optional.empty());
    }
  }
}
