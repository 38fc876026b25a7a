package io.multiswarm.server.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the answer of one entry goes: out, or into the answer of its batch. */
interface ReplySlot {

  /** Whether no more large answers fit in with those that are there. */
  default boolean isFull() {
    return false;
  }

  /**
   * Takes the answer, once; on any thread.
   *
   * @param answer null for a notification
   * @param afterwards to be run on the connection's thread when the answer is on its way
   */
  void done(byte @Nullable [] answer, List<Runnable> afterwards);
}
