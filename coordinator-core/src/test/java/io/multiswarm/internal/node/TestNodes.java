package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.Ids;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.testing.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A node without its components, connected to a test's Redis. Close it. */
public final class TestNodes implements AutoCloseable {

  /** Fast enough for tests, and no faster than is allowed. */
  public static final Liveness FAST =
      new Liveness(
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofMillis(900),
          Duration.ofMillis(1500));

  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final Scheduler scheduler = Schedulers.newParallel("test-node", 2, true);
  private final RedisLink link;
  private final NodeContext context;

  private TestNodes(String uri, CoordinationOptions options, @Nullable Scheduler clock) {
    this.link = RedisLink.open(uri, LinkSettings.defaults(), scheduler);
    this.context =
        NodeContext.of(Ids.unique("node"), link, options, clock == null ? scheduler : clock);
  }

  /** Connected; signals are not started. */
  public static TestNodes connect(String uri, CoordinationOptions options) {
    return connected(new TestNodes(uri, options, null));
  }

  /**
   * As {@link #connect(String, CoordinationOptions)}, for parts whose time the test turns by hand;
   * the connections go by the real clock.
   */
  public static TestNodes connect(String uri, CoordinationOptions options, Scheduler clock) {
    return connected(new TestNodes(uri, options, clock));
  }

  private static TestNodes connected(TestNodes node) {
    node.link.connected().block(CONNECT);
    return node;
  }

  public NodeContext context() {
    return context;
  }

  /**
   * Hears signals from now on; who handles them has registered. Waits for the first reset, which
   * forgets what was cached until then: a test should not meet it by chance.
   */
  public void startSignals() {
    AtomicBoolean listening = new AtomicBoolean();
    context.signals().onReset(() -> listening.set(true));
    context.signals().start();
    Await.await("signals to be heard", CONNECT, listening::get);
  }

  /** For tests in which Redis waits for a machine that does other things, too. */
  public static LinkSettings patient() {
    LinkSettings settings = LinkSettings.defaults();
    return new LinkSettings(
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        settings.repeatFor(),
        settings.reconnectMin(),
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        settings.requestQueue(),
        settings.pingInterval(),
        settings.suspectAfter(),
        settings.replicas());
  }

  @Override
  public void close() {
    link.close().block(CONNECT);
    scheduler.dispose();
  }
}
