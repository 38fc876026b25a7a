package io.multiswarm.internal.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors and what lies below them. */
final class Causes {

  private Causes() {}

  /** The error, its cause, the cause of that, and so on. */
  static List<Throwable> of(Throwable error) {
    List<Throwable> all = new ArrayList<>();
    for (Throwable t = error; t != null; t = t.getCause()) {
      all.add(t);
    }
    return all;
  }

  /** The lowest that is of a kind; null when there is none. */
  static <T extends Throwable> @Nullable T lowest(Throwable error, Class<T> kind) {
    T found = null;
    for (Throwable t : of(error)) {
      found = kind.isInstance(t) ? kind.cast(t) : found;
    }
    return found;
  }
}
