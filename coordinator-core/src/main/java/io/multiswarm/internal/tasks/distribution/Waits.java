package io.multiswarm.internal.tasks.distribution;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How long tasks had waited when this node assigned them, for who counts.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class Waits {

  /** Of a task's first attempt: since it was submitted. */
  public static final String FIRST = "first";

  /** Of one after it: since the end of the attempt before. */
  public static final String LATER = "later";

  private static final char AGAIN = '+';

  private volatile @Nullable BiConsumer<String, Duration> listener;

  /** Hears from now on of each assignment that this node makes; one a node. */
  public void listen(BiConsumer<String, Duration> one) {
    listener = one;
  }

  /**
   * @param since the moments, ms, with a space between, since when the tasks had waited; a plus
   *     before that of a later attempt
   * @param at ms of the assignments
   */
  void tell(String since, long at) {
    BiConsumer<String, Duration> present = listener;
    if (present == null || since.isEmpty()) {
      return;
    }
    for (String one : since.split(" ")) {
      boolean isLater = one.charAt(0) == AGAIN;
      long began = Long.parseLong(one, isLater ? 1 : 0, one.length(), 10);
      present.accept(isLater ? LATER : FIRST, Duration.ofMillis(Math.max(0, at - began)));
    }
  }
}
