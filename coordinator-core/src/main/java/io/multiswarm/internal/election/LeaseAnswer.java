package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import java.time.Duration;

/** What Redis says to who wants the lease, or wants to keep it. */
sealed interface LeaseAnswer {

  /**
   * The lease is the caller's.
   *
   * @param lease what remains of it at the moment of the answer
   */
  record Granted(long epoch, Duration lease) implements LeaseAnswer {}

  /** Somebody else has it. */
  record Held(LeaderInfo leader) implements LeaseAnswer {}

  /** Nobody has it by this call: the leadership is over, or the candidate may not stand. */
  record Denied() implements LeaseAnswer {}
}
