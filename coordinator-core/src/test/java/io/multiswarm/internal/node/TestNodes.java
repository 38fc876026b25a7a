package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Ids;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.testing.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A node without its components, connected to a test's Redis. Close it. */
public final class TestNodes implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Scheduler scheduler = Schedulers.newParallel("test-node", 2, true);
  private final RedisLink link;
  private final NodeContext context;

  private TestNodes(String uri, CoordinationOptions options) {
    String nodeId = Ids.unique("node");
    this.link = RedisLink.open(uri, LinkSettings.defaults(), scheduler);
    Keys keys = new Keys(options.fleet());
    this.context =
        new NodeContext(
            nodeId,
            link,
            keys,
            options,
            scheduler,
            new Signals(link.subscriptions(), keys, nodeId),
            new Holdings());
  }

  /** Connected; signals are not started. */
  public static TestNodes connect(String uri, CoordinationOptions options) {
    TestNodes node = new TestNodes(uri, options);
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

  @Override
  public void close() {
    link.close().block(CONNECT);
    scheduler.dispose();
  }
}
