package io.multiswarm.messaging;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Channels as they are read: each has one total order of messages, kept for a while, and any number
 * of subscribers that need not keep up.
 */
public interface Channels {

  /**
   * Subscribes. Errors: {@code INVALID_ARGUMENT} for a name that is no channel, {@code UNAVAILABLE}
   * while Redis does not answer.
   *
   * @param since delivery begins after it; null: after the channel's last message of the moment
   * @param wake see {@link ChannelReader}
   */
  Mono<ChannelSubscription> subscribe(String channel, @Nullable Position since, Runnable wake);

  /**
   * Begins to hear a channel, and tells when it does: what is acknowledged after the Mono emitted
   * is heard. Errors as {@link #subscribe}; cancelling before ends it.
   *
   * @param since delivery begins after it; null: after the channel's last message of the moment
   */
  Mono<ListeningChannel> listen(String channel, @Nullable Position since);

  /**
   * A channel as a Flux. Who must know from when on it hears takes {@link #listen}.
   *
   * <p><b>Emission.</b> Messages in order from {@code since} or from now on, and gaps.
   *
   * <p><b>Backpressure.</b> Honoured: without demand nothing is queued, and what arrives meanwhile
   * is read from the history later. Live and foreign messages are dropped while there is no demand.
   *
   * <p><b>Gap.</b> An event of its own, which costs one of the demand.
   *
   * <p><b>Completion.</b> Never.
   *
   * <p><b>Errors.</b> Only while subscribing. A Redis outage later delays; it does not end the
   * Flux.
   *
   * <p><b>Cancellation.</b> Ends this subscription; the last one of a channel unsubscribes it in
   * Redis.
   */
  Flux<ChannelEvent> flux(String channel, @Nullable Position since);

  /**
   * Reads the history.
   *
   * @param since the first messages after it; null: the newest
   * @param limit 1 to 1000
   */
  Mono<HistoryPage> history(String channel, @Nullable Position since, int limit);

  /**
   * A part of a channel's history, oldest first.
   *
   * @param first offset that the channel retains; 0 when it retains none
   * @param last offset of the channel; 0 when it never had a message
   */
  record HistoryPage(String epoch, long first, long last, List<ChannelMessage> messages) {
    public HistoryPage {
      messages = List.copyOf(messages);
    }
  }

  /**
   * A subscription that has begun.
   *
   * @param position the channel's last offset at that moment
   * @param recovered whether everything after the asked position will arrive; if not, a {@link Gap}
   *     is the first event
   */
  record ChannelSubscription(Position position, boolean recovered, ChannelReader reader) {}

  /**
   * A channel that is heard from a known position on: every message that is acknowledged to its
   * sender after this object exists is an event of it, or a {@link Gap} says that it is not.
   *
   * <p>It costs a cursor until it ends, subscribed or not: cancel {@link #events}, or {@link
   * #dispose}.
   */
  interface ListeningChannel extends Disposable {

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
}
