package io.multiswarm.election;

import io.multiswarm.internal.node.Holdings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of the election, and what follows from it. Facts come in by the methods that
 * are named in the past tense; {@link #next} says which call is due. It performs nothing and reads
 * no clock, so every decision can be tested with exact times.
 *
 * <p>A fact only changes what is known. Whatever woke the node, the decision is made from all that
 * is known, so that a signal that is lost, doubled or late costs time at most.
 *
 * <p><b>The end of the own lease</b> is counted from before the call that won or renewed it was
 * sent: Redis cannot have begun to count earlier. {@link ElectionTiming#drift} is taken off,
 * because clocks run at different speeds.
 *
 * <p><b>Threading.</b> Confined to the worker of {@link DefaultElection}.
 */
final class ElectionState {

  /** The call that is due. */
  enum Step {
    REST,
    LOOK,
    CAMPAIGN,
    RENEW,
    RELEASE
  }

  /** Somebody else's leadership, which is over by then unless it is heard of again. */
  private record Other(Leadership.Follower leadership, Duration until) {}

  /** A leadership of this node that is over here and still has the lease in Redis. */
  private record Remains(long epoch, Duration until) {}

  private final ElectionTiming timing;
  private final Holdings holdings;
  private final Pace pace;
  private final LeadingSwarm leadingSwarm;
  private final Epochs epochs = new Epochs();
  private final Nonces nonces = new Nonces();

  private Leadership.@Nullable Leader own;
  private @Nullable Other other;
  private @Nullable Remains remains;

  private boolean resigned;
  private Duration confirmedAt = Duration.ZERO;

  private Holdings.@Nullable Held standing;

  ElectionState(ElectionTiming timing, Holdings holdings) {
    this.timing = timing;
    this.holdings = holdings;
    this.pace = new Pace(timing);
    this.leadingSwarm = new LeadingSwarm(holdings, timing.grace());
  }

  // What is known

  Leadership current() {
    if (own != null) {
      return own;
    }
    return other != null ? other.leadership() : Leadership.VACANT;
  }

  Epochs epochs() {
    return epochs;
  }

  Nonces nonces() {
    return nonces;
  }

  /** When the leadership, own or another's, was last known to hold the lease. */
  Duration confirmedAt() {
    return confirmedAt;
  }

  /** Whether nothing of a leadership is left to be given up. */
  boolean isOutOfOffice() {
    return own == null && remains == null;
  }

  long ownEpoch() {
    return own != null ? own.epoch() : 0;
  }

  long remainingEpoch() {
    return remains != null ? remains.epoch() : 0;
  }

  // What to do

  /** Lets go of what is over by the clock; without needing an answer from anybody. */
  void expire(Duration now) {
    if (own != null && reached(own.validUntil(), now)) {
      lost(now);
    }
    if (other != null && reached(other.until(), now)) {
      other = null;
      pace.checkBy(now);
    }
    if (remains != null && reached(remains.until(), now)) {
      remains = null;
    }
  }

  /** The call that is due now. */
  Step next(Duration now) {
    expire(now);
    if (pace.isPaused(now)) {
      return Step.REST;
    }
    if (own != null && !resigned && leadingSwarm.stays(own.swarmId(), now)) {
      return pace.isDue(now) ? Step.RENEW : Step.REST;
    }
    standing = resigned ? null : holdings.oldest().orElse(null);
    if (standing != null) {
      // With an own leadership this passes it on to the next swarm, without a vacancy.
      return own != null || other == null || pace.isDue(now) ? Step.CAMPAIGN : Step.REST;
    }
    if (own != null) {
      remains = new Remains(own.epoch(), own.validUntil());
      own = null;
      leadingSwarm.graceIsOver();
    }
    if (remains != null) {
      return Step.RELEASE;
    }
    return pace.isDue(now) ? Step.LOOK : Step.REST;
  }

  /** When time alone may change what {@link #next} says. */
  Optional<Duration> wakeAt(Duration now) {
    return Stream.of(
            own == null ? null : own.validUntil(),
            other == null ? null : other.until(),
            remains == null ? null : remains.until(),
            leadingSwarm.graceEnd(),
            pace.checkAt(),
            pace.pauseEnd())
        .filter(Objects::nonNull)
        .filter(at -> !reached(at, now))
        .min(Duration::compareTo);
  }

  /** In whose name {@link Step#CAMPAIGN} campaigns. */
  Holdings.Held standing() {
    return Objects.requireNonNull(standing);
  }

  // Facts from outside

  /** A tick: what is known is checked, whatever it is. */
  void ticked(Duration now) {
    pace.checkBy(now);
  }

  /** Signals may have been lost. Everybody is told at once, so each waits a moment of its own. */
  void disconnected(Duration now) {
    pace.checkBy(now.plus(timing.resetDelay()));
  }

  /** The leading swarm lost its session and may come back; any other departure is for good. */
  void detached(String swarmId, Duration now) {
    if (own != null && own.swarmId().equals(swarmId)) {
      leadingSwarm.detached(now);
    }
  }

  /** A swarm was taken over or ended while it was detached: it has no grace any more. */
  void gone(String swarmId) {
    if (own != null && own.swarmId().equals(swarmId)) {
      leadingSwarm.graceIsOver();
    }
  }

  /** Somebody announced a leadership. */
  void announced(LeaderInfo leader, Duration now) {
    if (leader.epoch() < epochs.newest() || leader.epoch() == ownEpoch()) {
      return; // overtaken, or our own
    }
    own = null;
    pace.settle();
    follow(leader, now);
  }

  /** Somebody announced that a leadership is over. Everybody hears it: one of many goes first. */
  void vacated(long epoch, Duration now) {
    if (other != null && other.leadership().epoch() <= epoch) {
      other = null;
      pace.restUntil(now.plus(timing.vacancyDelay()));
    }
  }

  /** A write of that epoch was refused. */
  void fenced(long epoch, Duration now) {
    if (epoch == ownEpoch()) {
      lost(now);
    }
  }

  void resign() {
    resigned = true;
    pace.settle();
  }

  // Answers to calls

  /** A call goes out: its answer will tell more than what was to be checked until now. */
  void sent() {
    pace.settle();
  }

  /** A campaign was won that was sent at {@code sent}. */
  void won(String swarmId, LeaseAnswer.Granted granted, Duration sent, Duration now) {
    answered();
    if (granted.epoch() < epochs.newest()) {
      pace.failed(now); // won long ago, and somebody else leads since
      return;
    }
    epochs.saw(granted.epoch());
    other = null;
    remains = null;
    leadingSwarm.graceIsOver();
    lead(swarmId, granted, sent);
    expire(now);
  }

  void renewed(LeaseAnswer.Granted granted, Duration sent, Duration now) {
    answered();
    if (own != null && own.epoch() == granted.epoch()) {
      lead(own.swarmId(), granted, sent);
      expire(now);
    }
  }

  /** Redis names the leader. */
  void told(LeaderInfo leader, boolean isThisNode, Duration now) {
    answered();
    own = null;
    if (isThisNode) {
      // Won by a call whose answer never came; nobody here leads by it.
      remains = new Remains(leader.epoch(), now.plus(leader.lease()));
    } else {
      follow(leader, now);
    }
  }

  /** Redis says that nobody leads. */
  void toldVacant() {
    answered();
    other = null;
  }

  /** The candidate may not stand, or what it won is over: with a pause, with a new nonce. */
  void denied(Duration now) {
    nonces.answered();
    pace.failed(now);
  }

  /** The leadership that was to be renewed is over. Campaigns at once. */
  void renewalDenied(long epoch, Duration now) {
    answered();
    fenced(epoch, now);
  }

  void released(long epoch) {
    answered();
    if (epoch == remainingEpoch()) {
      remains = null;
    }
  }

  /** The outcome of a call is unknown: it is repeated, less and less often. */
  void failed(Duration now) {
    pace.failed(now);
  }

  /** Whether the last call failed. */
  boolean isFailing() {
    return pace.isFailing();
  }

  private void answered() {
    pace.answered();
    nonces.answered();
  }

  private void lead(String swarmId, LeaseAnswer.Granted granted, Duration sent) {
    confirmedAt = sent;
    own =
        new Leadership.Leader(
            swarmId, granted.epoch(), sent.plus(granted.lease()).minus(timing.drift()));
  }

  private void lost(Duration now) {
    own = null;
    leadingSwarm.graceIsOver();
    pace.checkBy(now);
  }

  private void follow(LeaderInfo leader, Duration now) {
    epochs.saw(leader.epoch());
    confirmedAt = now;
    leadingSwarm.graceIsOver();
    Duration until = now.plus(leader.lease()).plus(timing.expiryDelay());
    other = new Other(new Leadership.Follower(leader.swarmId(), leader.epoch()), until);
  }

  private static boolean reached(Duration at, Duration now) {
    return now.compareTo(at) >= 0;
  }
}
