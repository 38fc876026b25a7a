package io.multiswarm.load.judge;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * What one subscriber of one channel saw. The promise it is held against: from the subscription on,
 * every offset of the channel once and in order, or an announcement that it is missing.
 *
 * <p>An offset that is skipped is a hole: lost when it stays one, late (and so out of order) when
 * it is filled later, announced when a gap names it. Memory grows with holes and senders only,
 * never with messages.
 */
public final class SubscriptionLedger {

  /**
   * A wider jump than this is booked as lost at once, so that a wild offset can't fill the memory.
   */
  private static final int MAX_HOLES = 1_000_000;

  /** Nor can a wild sender. */
  private static final int MAX_SENDERS = 1_000_000;

  private final String subscriber;
  private final ChannelLedger channel;
  private final boolean reference;
  private final long start;
  private final TreeSet<Long> holes = new TreeSet<>();

  /** By sender, who are numbered from 0; -1 is who did not write to us, in front of them. */
  private long[] lastNumbers = {-1};

  private String epoch;
  private long next;
  private long digest;
  private boolean whole = true;

  private long delivered;
  private long lostForGood;
  private long duplicates;
  private long outOfOrder;
  private long announced;
  private long contradictions;

  /**
   * Only the reference is compared with what senders were promised; the others are compared with
   * the reference.
   */
  SubscriptionLedger(
      String subscriber, ChannelLedger channel, ChannelPosition last, boolean reference) {
    this.subscriber = subscriber;
    this.channel = channel;
    this.reference = reference;
    this.epoch = last.epoch();
    this.next = last.offset() + 1;
    this.start = next;
  }

  /**
   * The message {@code number} of {@code sender} arrived. A sender's numbers grow on each channel.
   */
  public synchronized void delivered(ChannelPosition at, int sender, long number) {
    if (!at.epoch().equals(epoch)) {
      contradictions++;
      channel.example(this, "epoch %s followed %s without a gap", at.epoch(), epoch);
      beginEpoch(at.epoch(), at.offset());
    }
    if (at.offset() < next) {
      deliveredBehind(at);
      return;
    }
    skipTo(at.offset());
    next = at.offset() + 1;
    delivered++;
    digest = (digest * 31 + at.offset()) * 31 + ChannelLedger.content(sender, number);
    checkSender(at, sender, number);
    if (reference) {
      channel.delivered(at, sender, number);
    }
  }

  /**
   * The server said that {@code from} to {@code to} won't come; delivery goes on after {@code to}.
   */
  public synchronized void gap(String gapEpoch, long from, long to) {
    whole = false;
    if (!gapEpoch.equals(epoch)) {
      announced += to;
      beginEpoch(gapEpoch, to + 1);
      return;
    }
    skipTo(from);
    skipTo(to + 1);
    if (from <= to) {
      var named = holes.subSet(from, true, to, true);
      announced += named.size();
      named.clear();
    }
  }

  private void deliveredBehind(ChannelPosition at) {
    whole = false;
    if (holes.remove(at.offset())) {
      delivered++;
      outOfOrder++;
      channel.example(this, "offset %d came after offset %d", at.offset(), next - 1);
    } else {
      duplicates++;
      channel.example(this, "offset %d came again", at.offset());
    }
  }

  private void skipTo(long offset) {
    if (offset <= next) {
      return;
    }
    whole = false;
    if (offset - next > MAX_HOLES) {
      lostForGood += offset - next;
    } else {
      for (long missing = next; missing < offset; missing++) {
        holes.add(missing);
      }
    }
    next = offset;
  }

  /** What is still missing of the old epoch stays missing. */
  private void beginEpoch(String newEpoch, long firstOffset) {
    whole = false;
    lostForGood += holes.size();
    holes.clear();
    epoch = newEpoch;
    next = firstOffset;
  }

  private void checkSender(ChannelPosition at, int sender, long number) {
    int place = sender + 1;
    if (place < 0 || place > MAX_SENDERS) {
      contradictions++;
      channel.example(this, "offset %d is of a sender %d that never was", at.offset(), sender);
      return;
    }
    if (place >= lastNumbers.length) {
      int length = lastNumbers.length;
      lastNumbers = Arrays.copyOf(lastNumbers, Math.max(place + 1, length * 2));
      Arrays.fill(lastNumbers, length, lastNumbers.length, -1);
    }
    long last = lastNumbers[place];
    if (number == last) {
      duplicates++;
      channel.example(
          this, "message %d of sender %d came again, as offset %d", number, sender, at.offset());
    } else if (number < last) {
      outOfOrder++;
      channel.example(
          this, "message %d of sender %d came after its message %d", number, sender, last);
    }
    lastNumbers[place] = Math.max(last, number);
  }

  String subscriber() {
    return subscriber;
  }

  /** Whether nothing up to {@code last} is still to come. */
  synchronized boolean hasReached(ChannelPosition last) {
    return !last.epoch().equals(epoch) || next > last.offset();
  }

  synchronized long delivered() {
    return delivered;
  }

  synchronized Verdict verdict(ChannelPosition lastAccepted) {
    long tail = hasReached(lastAccepted) ? 0 : lastAccepted.offset() + 1 - next;
    long lost = lostForGood + holes.size() + tail;
    if (lost > 0) {
      channel.example(
          this, "%d lost, such as offset %d", lost, holes.isEmpty() ? next : holes.first());
    }
    return new Verdict(delivered, lost, duplicates, outOfOrder, announced, contradictions);
  }

  /** Whether both saw the same stretch whole, and yet not the same messages in the same order. */
  synchronized boolean contradicts(SubscriptionLedger other) {
    return whole
        && other.whole
        && start == other.start
        && next == other.next
        && epoch.equals(other.epoch)
        && digest != other.digest;
  }
}
