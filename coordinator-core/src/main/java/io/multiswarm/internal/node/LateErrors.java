package io.multiswarm.internal.node;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/**
 * Errors of work that was cancelled while it was under way, as by the end of a node: whoever would
 * have been told is gone, and an operator has nothing to do about them.
 */
public final class LateErrors {

  private static final Logger log = LoggerFactory.getLogger(LateErrors.class);

  /** Where Reactor looks for who is told of an error that comes after the cancellation. */
  private static final String DROPPED = "reactor.onErrorDropped.local";

  private static final Consumer<Throwable> NOTED =
      error -> log.debug("Cancelled work failed: {}", error.toString());

  private LateErrors() {}

  /** For {@code contextWrite}, around work that is cancelled for a reason of ours. */
  public static Context noted(Context context) {
    return context.put(DROPPED, NOTED);
  }
}
