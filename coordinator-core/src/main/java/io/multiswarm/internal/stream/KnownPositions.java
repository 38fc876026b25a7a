package io.multiswarm.internal.stream;

import io.multiswarm.internal.stream.ChannelStream.Moment;
import io.multiswarm.messaging.ChannelMessage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a stream can hold against a Redis that lost what it had: the {@link KnownPosition} of the
 * newest message that was noted, and the one that is in doubt since the last (re)subscription.
 *
 * <p><b>Threading.</b> A part of {@link ChannelStream}, whose monitor serialises all changes but
 * {@link #confirm(Landmark)}. What is noted and what is in doubt are read without the monitor.
 */
final class KnownPositions {

  /** Of the newest message that was read or heard, but for those that the window still has. */
  private volatile KnownPosition noted = KnownPosition.NONE;

  /** What was known at the last resubscription, until a comparison or a page has confirmed it. */
  private final AtomicReference<@Nullable KnownPosition> doubted = new AtomicReference<>();

  private int subscriptions;
  private int notes;

  /** To be called when Redis has acknowledged a subscription, or the same one again. */
  void subscribed() {
    subscriptions++;
  }

  /** What Redis has still to answer for, since the last subscription; null for nothing. */
  @Nullable KnownPosition doubted() {
    return doubted.get();
  }

  /** Another one than before, which a comparison that is under way has no say in. */
  void doubt(KnownPosition before) {
    doubted.set(before.again());
  }

  /**
   * A comparison has found nothing against {@code asked}. Without effect when there was no doubt,
   * or there is a newer one, which has a comparison of its own.
   */
  void confirm(KnownPosition asked) {
    doubted.compareAndSet(asked, null);
  }

  /** A page was asked for with the landmark in doubt, and so it is the answer to that, too. */
  void confirm() {
    doubted.set(null);
  }

  KnownPosition noted() {
    return noted;
  }

  Moment now() {
    return new Moment(subscriptions, notes);
  }

  void note(KnownPosition newest) {
    noted = newest;
    notes++;
  }

  /**
   * Notes the newest message of a page that was asked for at that moment.
   *
   * @return whether the page may be used, as {@link ChannelStream#learn(Page, Moment)} says
   */
  boolean note(Page page, Moment asked) {
    ChannelMessage newer = newerThanNoted(page);
    boolean judged = newer == null || asked.notes() == notes;
    if (asked.subscriptions() != subscriptions || !judged) {
      return false;
    }
    if (newer != null) {
      note(KnownPosition.of(newer));
    }
    return true;
  }

  private @Nullable ChannelMessage newerThanNoted(Page page) {
    int count = page.messages().size();
    ChannelMessage last = count == 0 ? null : page.messages().get(count - 1);
    return last == null || noted.covers(last.position()) ? null : last;
  }
}
