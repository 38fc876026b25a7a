package io.multiswarm.internal.stream;

import java.util.concurrent.atomic.LongAdder;

/** What happened on the streams of a process. */
public final class StreamCounters {

  private final LongAdder holes = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder pages = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder foreign = new LongAdder();
  private final LongAdder strange = new LongAdder();

  void holeSeen() {
    holes.increment();
  }

  void foreignSeen() {
    foreign.increment();
  }

  void notAnEnvelope() {
    strange.increment();
  }

  void pageRead() {
    pages.increment();
  }

  public void gapAnnounced() {
    gaps.increment();
  }

  public void delivered() {
    delivered.increment();
  }

  /** Holes in what was heard live; each is filled from the history or announced as a gap. */
  public long holes() {
    return holes.sum();
  }

  public long gapsAnnounced() {
    return gaps.sum();
  }

  public long pagesRead() {
    return pages.sum();
  }

  public long messagesDelivered() {
    return delivered.sum();
  }

  public long foreignMessages() {
    return foreign.sum();
  }

  /** Published by strangers on our channels, and no envelope. */
  public long ignoredMessages() {
    return strange.sum();
  }
}
