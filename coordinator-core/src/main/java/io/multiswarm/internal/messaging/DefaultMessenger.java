package io.multiswarm.internal.messaging;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.MessagingStatistics;
import io.multiswarm.messaging.Messenger;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Puts what swarms say into envelopes and channels. */
public final class DefaultMessenger implements Messenger {

  /** Of the ids that messages get when their senders give none. */
  static final String ID_PREFIX = "msg";

  private final NodeContext node;
  private final ChannelPublisher publisher;
  private final ChannelStreams streams;
  private final StreamCounters counters;
  private final Consumer<String> onSent;
  private final Requests requests;
  private final LongAdder sent = new LongAdder();
  private final LongAdder broadcasts = new LongAdder();
  private final LongAdder targeted = new LongAdder();
  private final LongAdder errors = new LongAdder();

  /**
   * @param onSent hears the sender of each stored message, for the swarm's own counters
   */
  public DefaultMessenger(
      NodeContext node,
      ChannelPublisher publisher,
      ChannelStreams streams,
      StreamCounters counters,
      Consumer<String> onSent) {
    this.node = node;
    this.publisher = publisher;
    this.streams = streams;
    this.counters = counters;
    this.onSent = onSent;
    this.requests = new Requests(node, publisher);
  }

  @Override
  public Mono<Published> send(Ownership from, String to, NewMessage message) {
    return send(() -> from, to, message);
  }

  /**
   * As {@link #send(Ownership, String, NewMessage)}.
   *
   * @param from asked for anew by each subscription, which repeats the same call
   */
  public Mono<Published> send(Supplier<Ownership> from, String to, NewMessage message) {
    Identity identity = new Identity(message);
    return checked(
        () -> {
          Address address = Address.toSwarm(Ids.checkSwarm("to", to), message);
          return store(from.get(), address, message, identity)
              .doOnNext(done -> targeted.increment());
        });
  }

  @Override
  public Mono<Published> broadcast(Ownership from, NewMessage message) {
    return publish(from, ChannelName.GLOBAL, message);
  }

  @Override
  public Mono<Published> publish(Ownership from, String channel, NewMessage message) {
    return publish(() -> from, channel, message);
  }

  /**
   * As {@link #publish(Ownership, String, NewMessage)}.
   *
   * @param from asked for anew by each subscription, which repeats the same call
   */
  public Mono<Published> publish(Supplier<Ownership> from, String channel, NewMessage message) {
    Identity identity = new Identity(message);
    return checked(
        () -> {
          Address address = Address.ofChannel(ChannelName.check(channel));
          LongAdder kind = address.target() == null ? broadcasts : targeted;
          Mono<Published> stored = store(from.get(), address, message, identity);
          return address.target() != null || channel.equals(ChannelName.GLOBAL)
              ? stored.doOnNext(done -> kind.increment())
              : stored;
        });
  }

  @Override
  public Mono<Reply> request(Ownership from, String to, NewMessage message, Duration timeout) {
    return checked(
        () ->
            node.tracing()
                .sending(
                    observed(from, message),
                    trace ->
                        requests.ask(
                            from, to, message.in(trace), timeout, () -> countTargeted(from))));
  }

  @Override
  public Mono<Void> reply(Ownership from, String requestId, Json data) {
    return checked(() -> requests.answer(from, requestId, "data", data));
  }

  @Override
  public Mono<Void> replyError(Ownership from, String requestId, Json error) {
    return checked(() -> requests.answer(from, requestId, "error", error));
  }

  @Override
  public MessagingStatistics statistics() {
    return new MessagingStatistics(
        sent.sum(),
        counters.messagesDelivered(),
        broadcasts.sum(),
        targeted.sum(),
        errors.sum(),
        streams.subscriptions(),
        counters.holes(),
        counters.gapsAnnounced(),
        counters.foreignMessages(),
        requests.pending(),
        requests.lateReplies());
  }

  /**
   * The id of what one call sends, the same in each subscription to its Mono: to repeat the Mono is
   * to send the same message again.
   */
  private static final class Identity {
    final String id;
    private final Outgoing.Origin first;
    private final AtomicBoolean sent = new AtomicBoolean();

    Identity(NewMessage message) {
      String given = message.id();
      id = given == null ? Ids.unique(ID_PREFIX) : given;
      first = given == null ? Outgoing.Origin.NEW : origin(given);
    }

    /** An id of ours comes back when somebody sends again what was told to him under that id. */
    private static Outgoing.Origin origin(String given) {
      boolean ours = Ids.isUnique(ID_PREFIX, given);
      return ours ? Outgoing.Origin.REPEATED : Outgoing.Origin.GIVEN;
    }

    /** What it is this time; after the first time it is not new. */
    Outgoing.Origin origin() {
      boolean again = sent.getAndSet(true) && first == Outgoing.Origin.NEW;
      return again ? Outgoing.Origin.REPEATED : first;
    }
  }

  private Mono<Published> store(Ownership from, Address to, NewMessage message, Identity identity) {
    return node.tracing()
        .sending(observed(from, message), trace -> storeIn(message.in(trace), from, to, identity));
  }

  private static Tracing.Sending observed(Ownership from, NewMessage message) {
    return new Tracing.Sending(
        "multiswarm.message.send",
        Map.of("multiswarm.swarm", from.swarmId()),
        message.traceparent());
  }

  private Mono<Published> storeIn(
      NewMessage message, Ownership from, Address to, Identity identity) {
    long now = node.scheduler().now(TimeUnit.MILLISECONDS);
    byte[] body = EnvelopeWriter.write(identity.id, message, from.swarmId(), now, to);
    checkSize(body, node.options().maxMessageSize());
    return publisher
        .publish(
            new Outgoing(to.channel(), from, to.target(), identity.id, identity.origin(), body))
        .map(
            position -> {
              countSent(from);
              return new Published(identity.id, position);
            });
  }

  private void countTargeted(Ownership from) {
    countSent(from);
    targeted.increment();
  }

  private void countSent(Ownership from) {
    sent.increment();
    onSent.accept(from.swarmId());
  }

  /** Refusals of arguments become errors of the Mono, and every error is counted. */
  private <T> Mono<T> checked(Supplier<Mono<T>> call) {
    return Mono.defer(call).doOnError(error -> errors.increment());
  }

  /**
   * @param body as {@link EnvelopeWriter} writes it
   */
  static void checkSize(byte[] body, int limit) {
    int size = body.length + 1;
    if (size > limit) {
      throw CoordinationException.of(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "message of %d bytes exceeds the limit of %d; send a reference to the data instead",
          size,
          limit);
    }
  }
}
