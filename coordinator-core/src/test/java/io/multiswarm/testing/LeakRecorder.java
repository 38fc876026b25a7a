package io.multiswarm.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Has Netty track every buffer and turns each leak it finds into a {@link Violation}. */
final class LeakRecorder extends ResourceLeakDetectorFactory {

  private static final Duration COLLECTION_DEADLINE = Duration.ofSeconds(10);
  private static final int COLLECTIONS = 2;

  /**
   * Where Lettuce makes the buffer into which a connection reads. It forgets that of a connection
   * whose client is closed while it reconnects, whatever the client's user does.
   */
  private static final String READ_BUFFER =
      "io.lettuce.core.protocol.CommandHandler.channelRegistered";

  private static final Queue<Detector<?>> DETECTORS = new ConcurrentLinkedQueue<>();

  /**
   * To be called before the first buffer's class is loaded, because it keeps its detector in a
   * constant.
   */
  static void install() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new LeakRecorder());
  }

  /**
   * Finds what was leaked up to now: Netty learns of it from the garbage collector, at the next
   * buffer.
   */
  static void findAll() {
    // Twice: the first sentinel may be enqueued before the leaks of the same collection.
    for (int i = 0; i < COLLECTIONS; i++) {
      collectGarbage();
      DETECTORS.forEach(Detector::poll);
    }
  }

  private static void collectGarbage() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
    Await.await(
        "a garbage collection",
        COLLECTION_DEADLINE,
        () -> {
          System.gc();
          return sentinel.refersTo(null) && queue.poll() == sentinel;
        });
  }

  @Override
  @Deprecated
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    return newResourceLeakDetector(resource, samplingInterval);
  }

  @Override
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval) {
    Detector<T> detector = new Detector<>(resource, samplingInterval);
    DETECTORS.add(detector);
    return detector;
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {

    Detector(Class<?> resourceType, int samplingInterval) {
      super(resourceType, samplingInterval);
    }

    /** Tracking anything makes the detector look at what was collected. */
    @SuppressWarnings("unchecked")
    void poll() {
      T probe = (T) new Object();
      ResourceLeakTracker<T> tracker = track(probe);
      if (tracker != null) {
        tracker.close(probe);
      }
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      if (!records.contains(READ_BUFFER)) {
        Violations.record(Violation.Kind.LEAK, resourceType + " was not released." + records);
      }
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      Violations.record(
          Violation.Kind.LEAK, resourceType + " was not released; nothing is known of its way");
    }
  }
}
