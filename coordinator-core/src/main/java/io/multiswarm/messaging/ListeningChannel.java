package io.multiswarm.messaging;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * A channel that is heard from a known position on: every message that is acknowledged to its
 * sender after this object exists is an event of it, or a {@link Gap} says that it is not.
 *
 * <p>It costs a cursor until it ends, subscribed or not: cancel {@link #events}, or {@link
 * #dispose}.
 */
public interface ListeningChannel extends Disposable {

  /** The channel's last offset at the moment at which it began. */
  Position position();

  /**
   * Whether everything after the asked position will arrive; if not, a {@link Gap} is the first
   * event.
   */
  boolean recovered();

  /** The events, for one subscriber; emission and backpressure as {@link Channels#flux}. */
  Flux<ChannelEvent> events();

  @Override
  void dispose();
}
