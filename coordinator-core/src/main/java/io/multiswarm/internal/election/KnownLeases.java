package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import io.multiswarm.election.Leadership;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which leaderships a node knows of: its own, somebody else's, and one of its own that is over here
 * but still has the lease in Redis. Each has an end on the node's clock. Confined like {@link
 * ElectionState}.
 *
 * <p><b>The end of the own lease</b> is counted from before the call that won or renewed it was
 * sent: Redis cannot have begun to count earlier. {@link ElectionTiming#drift} is taken off,
 * because clocks run at different speeds.
 */
final class KnownLeases {

  /** Somebody else's leadership, which is over by then unless it is heard of again. */
  private record Other(Leadership.Follower leadership, Duration until) {}

  /** A leadership of this node that is over here and still has the lease in Redis. */
  private record Remains(long epoch, Duration until) {}

  private final ElectionTiming timing;
  private final Epochs epochs = new Epochs();
  private Leadership.@Nullable Leader own;
  private @Nullable Other other;
  private @Nullable Remains remains;
  private Duration confirmedAt = Duration.ZERO;

  KnownLeases(ElectionTiming timing) {
    this.timing = timing;
  }

  Leadership current() {
    if (own != null) {
      return own;
    }
    return other != null ? other.leadership() : Leadership.VACANT;
  }

  Epochs epochs() {
    return epochs;
  }

  /** When the leadership, own or another's, was last known to hold the lease. */
  Duration confirmedAt() {
    return confirmedAt;
  }

  Leadership.@Nullable Leader own() {
    return own;
  }

  /** 0 for none. */
  long ownEpoch() {
    return own != null ? own.epoch() : 0;
  }

  boolean isOwn(String swarmId) {
    return own != null && own.swarmId().equals(swarmId);
  }

  boolean hasOther() {
    return other != null;
  }

  boolean hasRemains() {
    return remains != null;
  }

  /** 0 for none. */
  long remainingEpoch() {
    return remains != null ? remains.epoch() : 0;
  }

  /** The ends of what is known. */
  Stream<@Nullable Duration> ends() {
    return Stream.of(
        own == null ? null : own.validUntil(),
        other == null ? null : other.until(),
        remains == null ? null : remains.until());
  }

  boolean ownIsOver(Duration now) {
    return own != null && reached(own.validUntil(), now);
  }

  boolean otherIsOver(Duration now) {
    return other != null && reached(other.until(), now);
  }

  boolean remainsAreOver(Duration now) {
    return remains != null && reached(remains.until(), now);
  }

  /** Won or renewed by a call that was sent at {@code sent}. */
  void lead(String swarmId, LeaseAnswer.Granted granted, Duration sent) {
    epochs.saw(granted.epoch());
    confirmedAt = sent;
    Duration validUntil = sent.plus(granted.lease()).minus(timing.drift());
    own = new Leadership.Leader(swarmId, granted.epoch(), validUntil);
  }

  /** Somebody else leads, as of now. */
  void follow(LeaderInfo leader, Duration now) {
    epochs.saw(leader.epoch());
    confirmedAt = now;
    Duration until = now.plus(leader.lease()).plus(timing.expiryDelay());
    other = new Other(new Leadership.Follower(leader.swarmId(), leader.epoch()), until);
  }

  /** The own leadership ends here; the lease in Redis is still to be released. */
  void giveUp() {
    if (own != null) {
      remains = new Remains(own.epoch(), own.validUntil());
      own = null;
    }
  }

  /** Redis has this node down for a leadership that nobody here leads by. */
  void leftBehind(LeaderInfo leader, Duration now) {
    remains = new Remains(leader.epoch(), now.plus(leader.lease()));
  }

  void endOwn() {
    own = null;
  }

  void endOther() {
    other = null;
  }

  /** If it is of that epoch or an older one. */
  boolean endOther(long epoch) {
    boolean ends = other != null && other.leadership().epoch() <= epoch;
    if (ends) {
      other = null;
    }
    return ends;
  }

  void endRemains() {
    remains = null;
  }

  static boolean reached(Duration at, Duration now) {
    return now.compareTo(at) >= 0;
  }
}
