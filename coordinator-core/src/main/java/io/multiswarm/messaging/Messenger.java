package io.multiswarm.messaging;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Says things for swarms that are attached to this node. Every call carries the sender's proof and
 * is refused as {@code FENCED} when that is outdated.
 *
 * <p>All Monos are cold; messages to one channel take effect in the order of subscription. A
 * repeated message id is stored once, and so is a message whose Mono is subscribed to again. Common
 * errors: {@code PAYLOAD_TOO_LARGE}, {@code RESOURCE_EXHAUSTED}, {@code UNAVAILABLE} (outcome
 * unknown: repeat the Mono, or another one with the same id).
 */
public interface Messenger {

  /** To one swarm, on its channel. {@code NOT_FOUND} when there is no such swarm. */
  Mono<Published> send(Ownership from, String to, NewMessage message);

  /** To all, on {@code swarm:global}. */
  Mono<Published> broadcast(Ownership from, NewMessage message);

  /** On any of the six forms of channels. */
  Mono<Published> publish(Ownership from, String channel, NewMessage message);

  /**
   * Asks a swarm and waits. {@code NO_RESPONDERS} at once when nobody is attached to it, {@code
   * DEADLINE_EXCEEDED} after the timeout. Cancelling gives up waiting.
   */
  Mono<Reply> request(Ownership from, String to, NewMessage message, Duration timeout);

  /**
   * Answers a request. {@code PERMISSION_DENIED} for another swarm than the one that was asked,
   * {@code NOT_FOUND} when the request was answered already or its time is over.
   */
  Mono<Void> reply(Ownership from, String requestId, Json data);

  /** Answers a request with the application's own error. */
  Mono<Void> replyError(Ownership from, String requestId, Json error);

  /** What this node has sent and heard. */
  MessagingStatistics statistics();

  /**
   * The answer to a request.
   *
   * @param from the swarm that answered
   * @param data null when the answer is an error
   * @param error the application's own error; null when the answer is data
   */
  record Reply(String from, @Nullable Json data, @Nullable Json error) {}

  /** Where a message was stored; for a repeated id, where the first one was. */
  record Published(String id, Position position) {}
}
