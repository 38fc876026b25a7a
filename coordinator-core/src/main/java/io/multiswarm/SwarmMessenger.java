package io.multiswarm;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.internal.distribution.MessageFeed;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Channels.ListeningChannel;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
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

  /** To one swarm. */
  public Mono<Published> send(String toSwarmId, NewMessage message) {
    return coordination.sendMessage(swarmId, toSwarmId, message);
  }

  /** To all, on {@code swarm:global}. */
  public Mono<Published> broadcast(NewMessage message) {
    return coordination.broadcast(swarmId, message);
  }

  /** On any channel, such as {@link ChannelName#AGENTS}. */
  public Mono<Published> publish(String channel, NewMessage message) {
    return coordination.publish(swarmId, channel, message);
  }

  /** Asks a swarm and waits for its reply; {@code DEADLINE_EXCEEDED} after the timeout. */
  public Mono<Reply> request(String toSwarmId, NewMessage message) {
    return request(toSwarmId, message, REQUEST_TIMEOUT);
  }

  /** Asks a swarm and waits for its reply; {@code DEADLINE_EXCEEDED} after the timeout. */
  public Mono<Reply> request(String toSwarmId, NewMessage message, Duration timeout) {
    return Mono.defer(
        () ->
            coordination
                .messenger()
                .request(coordination.ownership(swarmId), toSwarmId, message, timeout));
  }

  /** Answers a message that is a request. */
  public Mono<Void> reply(Message request, Json data) {
    return Mono.defer(
        () ->
            coordination
                .messenger()
                .reply(coordination.ownership(swarmId), requestId(request), data));
  }

  /**
   * Messages of one type ({@code payload.type}) from the swarm's own channel and the shared ones,
   * from now on; while Redis is away, from when it is back. Who must know from when on it hears
   * takes {@link #listen}. Backpressure and cancellation as {@link
   * io.multiswarm.messaging.Channels#flux}; gaps are left out here, subscribe to the channel itself
   * to hear of them. Ends with the node, by an error.
   */
  public Flux<Message> messages(String type) {
    // Whatever has begun ends with the Flux, at whichever moment that is cancelled.
    return Flux.using(
        Disposables::composite,
        begun -> begin(begun).flatMapMany(listening -> ofType(listening, type)),
        Disposable::dispose);
  }

  /**
   * As {@link #messages}, and tells when it begins: the Mono emits once all channels are heard, and
   * every message that is acknowledged to its sender after that is in the Flux. While Redis is away
   * it waits. The Flux is for one subscriber, and is to be subscribed or the cursors that it holds
   * are held until the node ends.
   */
  public Mono<Flux<Message>> listen(String type) {
    return Mono.defer(
        () -> {
          Disposable.Composite begun = Disposables.composite();
          AtomicBoolean handedOver = new AtomicBoolean();
          return begin(begun)
              .map(listening -> ofType(listening, type))
              .doOnNext(messages -> handedOver.set(true))
              .doFinally(end -> disposeUnless(handedOver, begun));
        });
  }

  private Mono<List<ListeningChannel>> begin(Disposable.Composite begun) {
    return Flux.fromIterable(channels())
        .flatMap(channel -> beginChannel(channel, begun))
        .collectList();
  }

  private static void disposeUnless(AtomicBoolean handedOver, Disposable begun) {
    if (!handedOver.get()) {
      begun.dispose();
    }
  }

  /**
   * As {@link #messages} under the name of the design document.
   *
   * @see #listen
   */
  public Flux<Message> onMessage(String type) {
    return messages(type);
  }

  /**
   * Calls {@code handler} with payload and envelope of each message of one type; {@link
   * Listening#ready} tells from when on. A handler that throws is logged as a defect of the
   * application and gets the next message nevertheless.
   *
   * <p>It is called with one message at a time, those of a channel in their order, on Reactor's
   * bounded elastic scheduler: it may block. What comes meanwhile waits, up to 16 MiB and 32,768
   * messages of any type; beyond that it is read from the channels' histories later. What a history
   * no longer has then is left out, and the log names it.
   *
   * @param handler takes {@code payload} whole, that is {@code {type, data}}: the data alone is
   *     {@link Message#data}
   */
  public Listening onMessage(String type, BiConsumer<Json, Message> handler) {
    Sinks.Empty<Void> ready = Sinks.empty();
    Disposable.Composite running = Disposables.composite();
    MessageFeed feed = coordination.feed(new MessageHandler(coordination, swarmId, type, handler));
    running.add(feed);
    running.add(
        begin(running)
            .subscribe(
                listening -> {
                  feed.begin(listening);
                  ready.tryEmitEmpty(); // once, or it has failed before
                },
                error -> {
                  running.dispose();
                  log.warn("No {} messages for swarm {}: {}", type, swarmId, error.toString());
                  ready.tryEmitError(error); // of no effect once it is ready
                }));
    return new Handler(running, ready.asMono());
  }

  private record Handler(Disposable running, Mono<Void> ready) implements Listening {
    @Override
    public void dispose() {
      running.dispose();
    }

    @Override
    public boolean isDisposed() {
      return running.isDisposed();
    }
  }

  private Mono<ListeningChannel> beginChannel(String channel, Disposable.Composite begun) {
    return coordination
        .channels()
        .listen(channel, null)
        // Here, because operators that are cancelled meanwhile lose it.
        .doOnNext(begun::add)
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                .maxBackoff(LONGEST_RETRY)
                .scheduler(coordination.scheduler())
                .filter(error -> CoordinationException.is(error, ErrorCode.UNAVAILABLE)))
        .onErrorMap(RejectedExecutionException.class, noTimers -> RedisLink.shutDown());
  }

  private Flux<Message> ofType(List<ListeningChannel> listening, String type) {
    return Flux.merge(listening.stream().map(ListeningChannel::events).toList())
        .ofType(ChannelMessage.class)
        .handle(
            (message, to) -> MessageHandler.read(coordination, message, type).ifPresent(to::next));
  }

  private List<String> channels() {
    return List.of(
        ChannelName.of(swarmId),
        ChannelName.GLOBAL,
        ChannelName.COORDINATION,
        ChannelName.AGENTS,
        ChannelName.TASKS,
        ChannelName.EVENTS);
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
