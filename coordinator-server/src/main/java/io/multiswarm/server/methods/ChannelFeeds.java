package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.session.Session;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The subscriptions of a session, one a channel at most.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class ChannelFeeds {

  private final Session session;
  private final Map<String, ChannelFeed> byChannel = new HashMap<>();

  ChannelFeeds(Session session) {
    this.session = session;
    session.onEnd(this::endAll);
  }

  static ChannelFeeds of(Session session) {
    return session.part(ChannelFeeds.class, ChannelFeeds::new);
  }

  /** Reserves the place of a subscription that is about to begin. */
  ChannelFeed reserve(String channel, @Nullable Integer credit) {
    if (byChannel.containsKey(channel)) {
      throw CoordinationException.of(
          ErrorCode.ALREADY_EXISTS,
          "channel: %s is subscribed already; unsubscribe it to begin anew",
          channel);
    }
    int limit = session.limits().maxSubscriptions();
    if (byChannel.size() >= limit) {
      throw CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "this session has %d subscriptions, which is the limit; unsubscribe one",
          limit);
    }
    session.takeSubscription();
    ChannelFeed feed = new ChannelFeed(channel, credit);
    byChannel.put(channel, feed);
    return feed;
  }

  ChannelFeed require(String channel) {
    ChannelFeed feed = byChannel.get(channel);
    if (feed == null) {
      throw CoordinationException.of(
          ErrorCode.NOT_FOUND, "channel: %s is not subscribed; subscribe it first", channel);
    }
    return feed;
  }

  /**
   * Ends when a subscription to that channel that is under way has its place, so that what the
   * client said after it is heard by it; at once when there is none.
   */
  Mono<Void> placed(String channel) {
    ChannelFeed feed = byChannel.get(channel);
    return feed == null ? Mono.empty() : feed.placed();
  }

  /** Begins to deliver. */
  void start(ChannelFeed feed) {
    if (!feed.isEnded()) {
      session.addSource(feed);
      session.peer().wake();
    }
  }

  /** Ends a subscription, if there is one. */
  void end(String channel) {
    ChannelFeed feed = byChannel.get(channel);
    if (feed != null) {
      end(feed);
    }
  }

  void end(ChannelFeed feed) {
    feed.end();
    if (byChannel.remove(feed.channel(), feed)) {
      session.giveBackSubscription();
    }
    session.removeSource(feed);
  }

  private void endAll() {
    byChannel.values().forEach(ChannelFeed::end);
    byChannel.values().forEach(ended -> session.giveBackSubscription());
    byChannel.clear();
  }
}
