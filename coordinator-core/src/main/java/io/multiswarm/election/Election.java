package io.multiswarm.election;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The election as one node sees it. The node contends while swarms are attached to it, in the name
 * of the oldest.
 */
public interface Election {

  /**
   * <b>Emission.</b> The present leadership at once, then each change, and each renewal of the own
   * one as a {@link Leadership.Leader} of the same epoch with a later {@code validUntil}. The
   * holder demotes itself, without needing Redis, before its lease can have run out.
   *
   * <p><b>Backpressure.</b> A slow subscriber gets the latest only.
   *
   * <p><b>Completion.</b> When the election is closed. <b>Errors.</b> None.
   */
  Flux<Leadership> leadership();

  /** The latest leadership, by the clock: never a {@link Leadership.Leader} past its validity. */
  Leadership current();

  /**
   * Who leads according to Redis; empty when nobody does. Fails with {@code UNAVAILABLE} while
   * Redis is away.
   */
  Mono<LeaderInfo> leader();

  /**
   * Tells that a leader-only script answered {@code FENCED} to a write of {@code epoch}: that
   * leadership is over, whatever the clock says.
   */
  void fenced(long epoch);

  /**
   * Stands no more. A leadership that is held ends here at once and is then released in Redis,
   * which wakes the other nodes. Completes when Redis has confirmed; fails with {@code UNAVAILABLE}
   * when it does not within 2 s, and the lease is left to run out. May be repeated.
   */
  Mono<Void> resign();

  /** What this node has seen of elections. */
  ElectionStatistics statistics();
}
