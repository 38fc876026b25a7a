package io.multiswarm.internal.redis;

/**
 * Who hears one pub/sub channel of Redis. Called on the subscriber connection's event loop, one
 * call at a time, in Redis's order; must not block and must not throw.
 */
public interface ChannelListener {

  /** The bytes as published; owned by the listener from now on. */
  void onMessage(byte[] message);

  /**
   * Redis has acknowledged the subscription: what is published from here on arrives. Called again
   * after each reconnection; what was published in between did not arrive.
   */
  default void onSubscribed() {}
}
