package io.multiswarm.server.methods;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelReader;
import io.multiswarm.server.session.NotificationSource;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a session: the channel's reader, asked as far as the client's credit goes.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class ChannelFeed implements NotificationSource {

  static final int MAX_CREDIT = 10_000;

  private static final int UNMETERED = -1;

  private final String channel;
  private int credit;
  private boolean ended;
  private @Nullable ChannelReader reader;

  /**
   * @param credit messages that may be sent; null for no limit but the socket's
   */
  ChannelFeed(String channel, @Nullable Integer credit) {
    this.channel = channel;
    this.credit = credit == null ? UNMETERED : credit;
  }

  String channel() {
    return channel;
  }

  boolean isEnded() {
    return ended;
  }

  /** The subscription is there; it is cancelled again when the client has left it meanwhile. */
  void begin(ChannelReader begun) {
    if (ended) {
      begun.cancel();
    } else {
      reader = begun;
    }
  }

  /** Adds credit, up to {@link #MAX_CREDIT}; without a limit there is nothing to add to. */
  void add(int more) {
    if (credit != UNMETERED) {
      credit = Math.min(MAX_CREDIT, credit + more);
    }
  }

  void end() {
    ended = true;
    if (reader != null) {
      reader.cancel();
    }
  }

  @Override
  public byte @Nullable [] poll() {
    if (reader == null || ended) {
      return null;
    }
    if (credit == 0) {
      reader.lull();
      return null;
    }
    ChannelEvent event = reader.poll();
    if (event == null) {
      return null;
    }
    if (credit != UNMETERED && event instanceof ChannelMessage) {
      credit--;
    }
    return ChannelTexts.of(event);
  }
}
