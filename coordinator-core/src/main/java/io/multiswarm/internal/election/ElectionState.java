package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import io.multiswarm.election.Leadership;
import io.multiswarm.internal.node.AttachedSwarms;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What follows from what one node knows of the election. Facts come in by the methods that are
 * named in the past tense and change what is {@link KnownLeases}; {@link #next} says which call is
 * due. It performs nothing and reads no clock, so every decision can be tested with exact times.
 *
 * <p>A fact only changes what is known. Whatever woke the node, the decision is made from all that
 * is known, so that a signal that is lost, doubled or late costs time at most.
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

  private final ElectionTiming timing;
  private final AttachedSwarms holdings;
  private final KnownLeases known;
  private final RetrySchedule pace;
  private final LeadingSwarm leadingSwarm;
  private final Nonces nonces = new Nonces();

  private boolean resigned;
  private AttachedSwarms.@Nullable Held standing;

  ElectionState(ElectionTiming timing, AttachedSwarms holdings) {
    this.timing = timing;
    this.holdings = holdings;
    this.known = new KnownLeases(timing);
    this.pace = new RetrySchedule(timing);
    this.leadingSwarm = new LeadingSwarm(holdings, timing.grace());
  }

  KnownLeases known() {
    return known;
  }

  Nonces nonces() {
    return nonces;
  }

  /** Whether nothing of a leadership is left to be given up. */
  boolean isOutOfOffice() {
    return known.own() == null && !known.hasRemains();
  }

  // What to do

  /** Lets go of what is over by the clock; without needing an answer from anybody. */
  void expire(Duration now) {
    if (known.ownIsOver(now)) {
      lost(now);
    }
    if (known.otherIsOver(now)) {
      known.endOther();
      pace.checkBy(now);
    }
    if (known.remainsAreOver(now)) {
      known.endRemains();
    }
  }

  /** The call that is due now. */
  Step next(Duration now) {
    expire(now);
    if (pace.isPaused(now)) {
      return Step.REST;
    }
    Leadership.Leader own = known.own();
    if (own != null && !resigned && leadingSwarm.stays(own.swarmId(), now)) {
      return pace.isDue(now) ? Step.RENEW : Step.REST;
    }
    standing = resigned ? null : holdings.oldest().orElse(null);
    if (standing != null) {
      // With an own leadership this passes it on to the next swarm, without a vacancy.
      return own != null || !known.hasOther() || pace.isDue(now) ? Step.CAMPAIGN : Step.REST;
    }
    if (own != null) {
      known.giveUp();
      leadingSwarm.forget();
    }
    if (known.hasRemains()) {
      return Step.RELEASE;
    }
    return pace.isDue(now) ? Step.LOOK : Step.REST;
  }

  /** When time alone may change what {@link #next} says. */
  Optional<Duration> wakeAt(Duration now) {
    return Stream.concat(
            known.ends(), Stream.of(leadingSwarm.graceEnd(), pace.checkAt(), pace.pauseEnd()))
        .filter(Objects::nonNull)
        .filter(at -> !KnownLeases.reached(at, now))
        .min(Duration::compareTo);
  }

  /** In whose name {@link Step#CAMPAIGN} campaigns. */
  AttachedSwarms.Held standing() {
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
    if (known.isOwn(swarmId)) {
      leadingSwarm.detached(now);
    }
  }

  /** A swarm was taken over, interrupted or ended: if it was detached, it has no grace any more. */
  void gone(String swarmId) {
    if (known.isOwn(swarmId)) {
      leadingSwarm.gone();
    }
  }

  /** Somebody announced a leadership. */
  void announced(LeaderInfo leader, Duration now) {
    if (leader.epoch() < known.epochs().newest() || leader.epoch() == known.ownEpoch()) {
      return; // overtaken, or our own
    }
    known.endOwn();
    pace.settle();
    follow(leader, now);
  }

  /** Somebody announced that a leadership is over. Everybody hears it: one of many goes first. */
  void vacated(long epoch, Duration now) {
    if (known.endOther(epoch)) {
      pace.restUntil(now.plus(timing.vacancyDelay()));
    }
  }

  /** A write of that epoch was refused. */
  void fenced(long epoch, Duration now) {
    if (epoch == known.ownEpoch()) {
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
    if (granted.epoch() < known.epochs().newest()) {
      pace.failed(now); // won long ago, and somebody else leads since
      return;
    }
    known.endOther();
    known.endRemains();
    leadingSwarm.leads(swarmId);
    known.lead(swarmId, granted, sent);
    expire(now);
  }

  void renewed(LeaseAnswer.Granted granted, Duration sent, Duration now) {
    answered();
    Leadership.Leader own = known.own();
    if (own != null && own.epoch() == granted.epoch()) {
      known.lead(own.swarmId(), granted, sent);
      expire(now);
    }
  }

  /** Redis names the leader. */
  void told(LeaderInfo leader, boolean isThisNode, Duration now) {
    answered();
    known.endOwn();
    if (isThisNode) {
      // Won by a call whose answer never came; nobody here leads by it.
      known.leftBehind(leader, now);
    } else {
      follow(leader, now);
    }
  }

  /** Redis says that nobody leads. */
  void toldVacant() {
    answered();
    known.endOther();
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
    if (epoch == known.remainingEpoch()) {
      known.endRemains();
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

  private void lost(Duration now) {
    known.endOwn();
    leadingSwarm.forget();
    pace.checkBy(now);
  }

  private void follow(LeaderInfo leader, Duration now) {
    leadingSwarm.forget();
    known.follow(leader, now);
  }
}
