package io.multiswarm.internal.duties;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.redis.ScriptReply;
import reactor.core.publisher.Mono;

/**
 * The time in which one node keeps the fleet up.
 *
 * @param token the fencing token of every write of these duties; grows with each change of the node
 */
public record UpkeepTerm(long token) {

  /** The reply to a script whose first item tells {@code FENCED}, or the end of the term. */
  public Mono<ScriptReply> unlessFenced(ScriptReply reply) {
    return reply.status().equals(ErrorCode.FENCED.name()) ? Mono.error(over()) : Mono.just(reply);
  }

  private CoordinationException over() {
    return CoordinationException.of(
        ErrorCode.FENCED, "upkeep: token %d is over, another node keeps the fleet up", token);
  }
}
