package io.multiswarm.internal.stream;

import io.multiswarm.messaging.ChannelMessage;

/** A cursor as its stream sees it. Called on any thread; must not block. */
public interface StreamObserver {

  /** The stream has something newer than before. */
  void advanced();

  /** A message without a position arrived. */
  void unstored(ChannelMessage message);
}
