package io.multiswarm;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Published;
import io.multiswarm.messaging.Reply;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What one swarm says and hears. */
public final class SwarmMessenger {

  /** How long {@link #request(String, NewMessage)} waits. */
  public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(SwarmMessenger.class);

  private final MultiSwarmCoordination coordination;
  private final String swarmId;

  SwarmMessenger(MultiSwarmCoordination coordination, String swarmId) {
    this.coordination = coordination;
    this.swarmId = swarmId;
  }

  public Mono<Published> send(String toSwarmId, NewMessage message) {
    return coordination.sendMessage(swarmId, toSwarmId, message);
  }

  public Mono<Published> broadcast(NewMessage message) {
    return coordination.broadcast(swarmId, message);
  }

  /** On any channel, such as {@link ChannelName#AGENTS}. */
  public Mono<Published> publish(String channel, NewMessage message) {
    return coordination.publish(swarmId, channel, message);
  }

  public Mono<Reply> request(String toSwarmId, NewMessage message) {
    return request(toSwarmId, message, REQUEST_TIMEOUT);
  }

  public Mono<Reply> request(String toSwarmId, NewMessage message, Duration timeout) {
    return Mono.defer(
        () ->
            coordination
                .messenger()
                .request(coordination.ownership(swarmId), toSwarmId, message, timeout));
  }

  public Mono<Void> reply(Message request, Json data) {
    return Mono.defer(
        () ->
            coordination
                .messenger()
                .reply(coordination.ownership(swarmId), requestId(request), data));
  }

  /**
   * Messages of one type ({@code payload.type}) from the swarm's own channel and the shared ones,
   * from now on; while Redis is away, from when it is back. Backpressure and cancellation as {@link
   * io.multiswarm.messaging.Channels#flux}; gaps are left out here, subscribe to the channel itself
   * to hear of them. Ends with the node, by an error.
   */
  public Flux<Message> onMessage(String type) {
    return Flux.merge(channels().map(this::listen))
        .ofType(ChannelMessage.class)
        .map(ChannelMessage::message)
        .filter(message -> message.type().equals(type));
  }

  /**
   * Calls {@code handler} with payload and envelope of each message of one type. A handler that
   * throws is logged as a defect of the application and gets the next message nevertheless. It must
   * not block.
   */
  public Disposable onMessage(String type, BiConsumer<Json, Message> handler) {
    return onMessage(type)
        .subscribe(
            message -> handle(handler, message),
            error -> log.warn("No {} messages for swarm {}: {}", type, swarmId, error.toString()));
  }

  private static void handle(BiConsumer<Json, Message> handler, Message message) {
    try {
      handler.accept(message.payload(), message);
    } catch (RuntimeException e) {
      log.error("The handler of message {} of type {} failed", message.id(), message.type(), e);
    }
  }

  /** A channel's Flux ends while it subscribes or never, so what was heard is not heard again. */
  private Flux<ChannelEvent> listen(String channel) {
    return coordination
        .channels()
        .flux(channel, null)
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                .maxBackoff(LONGEST_RETRY)
                .scheduler(coordination.scheduler())
                .filter(error -> CoordinationException.is(error, ErrorCode.UNAVAILABLE)));
  }

  private Flux<String> channels() {
    return Flux.fromIterable(
        List.of(
            ChannelName.of(swarmId),
            ChannelName.GLOBAL,
            ChannelName.COORDINATION,
            ChannelName.AGENTS,
            ChannelName.TASKS,
            ChannelName.EVENTS));
  }

  private static String requestId(Message request) {
    String requestId = request.requestId();
    if (requestId == null) {
      throw CoordinationException.of(
          ErrorCode.INVALID_ARGUMENT,
          "message %s is no request and cannot be answered",
          request.id());
    }
    return requestId;
  }
}
