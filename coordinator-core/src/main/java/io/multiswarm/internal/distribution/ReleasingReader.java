package io.multiswarm.internal.distribution;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelReader;
import org.jspecify.annotations.Nullable;

/** A cursor that gives its share in the stream back when it is cancelled. */
record ReleasingReader(ChannelCursor cursor, Runnable release) implements ChannelReader {

  @Override
  public @Nullable ChannelEvent poll() {
    return cursor.poll();
  }

  @Override
  public void lull() {
    cursor.lull();
  }

  @Override
  public void cancel() {
    cursor.cancel();
    release.run();
  }
}
