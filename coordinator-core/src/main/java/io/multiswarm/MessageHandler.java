package io.multiswarm;

import io.multiswarm.common.Json;
import io.multiswarm.common.Traceparent;
import io.multiswarm.internal.distribution.MessageFeed;
import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Message;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application's handler of messages of one type, of those that a swarm hears. */
final class MessageHandler implements MessageFeed.Receiver {

  private static final Logger log = LoggerFactory.getLogger(MessageHandler.class);

  /** Who is too slow is so again and again. */
  private static final Duration BETWEEN_GAPS = Duration.ofMinutes(1);

  private static final long NEVER = Long.MIN_VALUE;

  private final MultiSwarmCoordination coordination;
  private final String swarmId;
  private final String type;
  private final BiConsumer<Json, Message> code;
  private final LongAdder missed = new LongAdder();
  private final AtomicLong told = new AtomicLong(NEVER);

  MessageHandler(
      MultiSwarmCoordination coordination,
      String swarmId,
      String type,
      BiConsumer<Json, Message> code) {
    this.coordination = coordination;
    this.swarmId = swarmId;
    this.type = type;
    this.code = code;
  }

  /** Empty for what is no envelope, which harms who published it and no other, and other types. */
  static Optional<Message> read(
      MultiSwarmCoordination coordination, ChannelMessage message, String type) {
    return coordination
        .unreadable()
        .passing("message", message, message::message)
        .filter(one -> one.type().equals(type));
  }

  @Override
  public void message(ChannelMessage message) {
    read(coordination, message, type).ifPresent(this::observed);
  }

  private void observed(Message message) {
    Tracing.Span span =
        coordination
            .tracing()
            .begin(
                "multiswarm.message.handle",
                Map.of("multiswarm.swarm", swarmId, "multiswarm.message", message.id()),
                Traceparent.of(message.metadata()));
    span.scoped(() -> handle(message));
    span.end("handled");
  }

  private void handle(Message message) {
    try {
      code.accept(message.payload(), message);
    } catch (Throwable e) {
      log.error("The handler of message {} of type {} failed", message.id(), message.type(), e);
    }
  }

  @Override
  public void gap(Gap gap) {
    missed.add(gap.to() - gap.from() + 1);
    long now = coordination.scheduler().now(TimeUnit.MILLISECONDS);
    long before = told.get();
    if (before + BETWEEN_GAPS.toMillis() <= now && told.compareAndSet(before, now)) {
      log.warn(
          "The handler of {} messages of swarm {} misses {} to {} of {} ({}), {} of any type since"
              + " this was told last",
          type,
          swarmId,
          gap.from(),
          gap.to(),
          gap.channel(),
          gap.reason().word(),
          missed.sumThenReset());
    }
  }

  @Override
  public void failed(Throwable error) {
    log.warn("No {} messages for swarm {}: {}", type, swarmId, error.toString());
  }
}
