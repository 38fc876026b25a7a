package io.multiswarm.server.methods;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelReader;
import io.multiswarm.messaging.Channels.ChannelSubscription;
import io.multiswarm.messaging.Gap;
import io.multiswarm.server.session.NotificationSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

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
  private boolean gapUntold;
  private @Nullable ChannelReader reader;

  /** Found while looking for the gap; waits for credit. */
  private @Nullable ChannelEvent ahead;

  private List<MonoSink<Void>> waiting = List.of();
  private Disposable guard = Disposables.disposed();

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

  /** Ends with the subscription. */
  void guardedBy(Disposable watch) {
    guard = watch;
  }

  boolean isEnded() {
    return ended;
  }

  /** Ends when the subscription has its place in the channel, or is not to have one. */
  Mono<Void> placed() {
    if (reader != null || ended) {
      return Mono.empty();
    }
    return Mono.create(
        sink -> {
          if (waiting.isEmpty()) {
            waiting = new ArrayList<>();
          }
          waiting.add(sink);
        });
  }

  private void release() {
    List<MonoSink<Void>> released = waiting;
    waiting = List.of();
    released.forEach(MonoSink::success);
  }

  /** The subscription is there; it is cancelled again when the client has left it meanwhile. */
  void begin(ChannelSubscription begun) {
    if (ended) {
      begun.reader().cancel();
    } else {
      reader = begun.reader();
      gapUntold = !begun.recovered();
      release();
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
    guard.dispose();
    if (reader != null) {
      reader.cancel();
    }
    release();
  }

  @Override
  public byte @Nullable [] poll() {
    if (reader == null || ended) {
      return null;
    }
    if (credit == 0) {
      return gapUntold ? gapOf(reader) : rest(reader);
    }
    ChannelEvent event = nextOf(reader);
    if (event == null) {
      return null;
    }
    gapUntold = false;
    if (credit != UNMETERED && event instanceof ChannelMessage) {
      credit--;
    }
    return ChannelTexts.of(event);
  }

  private static byte @Nullable [] rest(ChannelReader idle) {
    idle.lull();
    return null;
  }

  private @Nullable ChannelEvent nextOf(ChannelReader from) {
    ChannelEvent found = ahead;
    ahead = null;
    return found == null ? from.poll() : found;
  }

  /**
   * The hole that the subscription begins with, for gaps take no credit: who waits for it before
   * giving any would wait for ever. Should there be a message in its place, that waits.
   */
  private byte @Nullable [] gapOf(ChannelReader from) {
    ChannelEvent event = from.poll();
    while (event instanceof ChannelMessage message && !message.isStored()) {
      event = from.poll();
    }
    if (event == null) {
      return null;
    }
    gapUntold = false;
    if (event instanceof Gap gap) {
      return ChannelTexts.of(gap);
    }
    ahead = event;
    return rest(from);
  }
}
