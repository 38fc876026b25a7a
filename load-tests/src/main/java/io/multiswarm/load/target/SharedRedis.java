package io.multiswarm.load.target;

import java.net.URI;
import java.util.List;
import reactor.core.publisher.Mono;

/** The Redis that servers share: one process, or several of which another one can take over. */
public interface SharedRedis {

  /** One that somebody else started: nothing is killed there, and nothing is ended. */
  static SharedRedis at(URI uri) {
    return new ForeignRedis(uri);
  }

  /** What servers are told of it. */
  URI uri();

  /** Where all that is published is heard, whichever process is killed. */
  URI heardAt();

  /** The process that takes writes at the moment. */
  Mono<URI> writable();

  /** All that take writes at the moment: the shards of a cluster, else the one. */
  default Mono<List<URI>> masters() {
    return writable().map(List::of);
  }

  /**
   * SIGKILL to the process that takes writes at the moment; completes when it is gone. Where
   * another one takes over, nothing is written right before that: what Redis acknowledges and has
   * not sent to a replica yet is lost with its master, and that is nobody's promise.
   */
  Mono<Void> kill();

  /** After {@link #kill}: the same process again, with what it had stored. */
  Mono<Void> restart();

  /** Completes when every process has its place again, and another one may be killed. */
  Mono<Void> whole();

  /**
   * Another process is made the one that takes writes, as an operator does it: {@code SENTINEL
   * FAILOVER}. Completes when that has begun.
   */
  default Mono<Void> handOver() {
    return Mono.error(new IllegalStateException("This Redis is changed by nobody's hand"));
  }

  /** The next change of the process that takes writes; never, where no such thing is announced. */
  default Mono<Change> nextChange() {
    return Mono.never();
  }

  /**
   * What was seen of a change.
   *
   * @param announced when the first Sentinel told it ({@code +switch-master}), or the new one of a
   *     cluster, in ns of the clock
   * @param written when a script of a server was seen to have run at the new process
   */
  record Change(long announced, long written) {}

  /** Ends all of it, with what was stored. */
  Mono<Void> close();
}
