package io.multiswarm.internal.stream;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.OrderedCalls;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The way into channels. A message costs a third of a round trip or less under load, because those
 * that arrive while others are under way leave together; idle, it leaves at once and alone.
 *
 * <p>Messages of one process to one channel take effect in the order of subscription to their
 * Monos, also when the connection breaks: then batches are sent again in their order, and what they
 * stored before is found.
 */
public final class ChannelPublisher {

  private static final long UNKNOWN_TARGET = -1;
  private static final long UNKNOWN_SENDER = -2;
  private static final long FENCED_SENDER = -3;

  /** By how much two clocks are taken to differ. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

  private final NodeContext node;
  private final OrderedCalls calls;
  private final NaturalBatcher<Leaving, Position> batches;

  public ChannelPublisher(NodeContext node) {
    this.node = node;
    this.calls = node.link().ordered();
    this.batches =
        new NaturalBatcher<>("publish", NaturalBatcher.Limits.DEFAULT, Leaving::bytes, this::leave);
  }

  /**
   * Errors: {@code NOT_FOUND} for an unknown target or sender, {@code FENCED} for a sender whose
   * proof is outdated, {@code RESOURCE_EXHAUSTED} when too many wait, {@code UNAVAILABLE}.
   */
  public Mono<Position> publish(Outgoing message) {
    return batches.submit(message);
  }

  /**
   * A message that a script of its own stores, in its turn among the others. Errors: those of
   * {@code stored}, {@code RESOURCE_EXHAUSTED} when too many wait, {@code UNAVAILABLE}.
   *
   * @param call stores it; run again after an unknown outcome, which must change nothing
   * @param bytes of the message
   * @param stored reads where it was stored, or throws the refusal
   */
  public Mono<Position> publishAlone(
      ScriptCall call, int bytes, Function<ScriptReply, Position> stored) {
    return batches.submit(new Leaving.Alone(call, bytes, stored));
  }

  /** All leave at once, one call a run of messages that can share one. */
  private Mono<List<Outcome<Position>>> leave(List<Leaving> items) {
    List<Mono<List<Outcome<Position>>>> calls = new ArrayList<>(1);
    List<Outgoing> together = new ArrayList<>(items.size());
    for (Leaving item : items) {
      if (item instanceof Leaving.Alone alone) {
        calls.addAll(publishing(together));
        together = new ArrayList<>();
        calls.add(run(alone));
      } else {
        together.add((Outgoing) item);
      }
    }
    calls.addAll(publishing(together));
    return calls.size() == 1 ? calls.get(0) : inTurn(calls);
  }

  private List<Mono<List<Outcome<Position>>>> publishing(List<Outgoing> messages) {
    return messages.isEmpty()
        ? List.of()
        : List.of(
            publishAll(messages)
                .onErrorResume(
                    error ->
                        Mono.just(Collections.nCopies(messages.size(), Outcome.refused(error)))));
  }

  /** Subscribes to all in their order, which is the order in which they leave. */
  private static Mono<List<Outcome<Position>>> inTurn(List<Mono<List<Outcome<Position>>>> calls) {
    return Flux.mergeSequential(calls, calls.size(), 1)
        .collectList()
        .map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  private Mono<List<Outcome<Position>>> run(Leaving.Alone alone) {
    return calls
        .run(elapsed -> alone.call())
        .map(alone.stored())
        .map(Outcome::of)
        .onErrorResume(error -> Mono.just(Outcome.refused(error)))
        .map(List::of);
  }

  private Mono<List<Outcome<Position>>> publishAll(List<Outgoing> messages) {
    PublishBatch batch = PublishBatch.of(messages);
    return calls
        .run(
            elapsed -> {
              ScriptCall call = node.appending(Script.CHANNEL_PUBLISH).key(node.keys().roster());
              call.arg(searched(messages, elapsed));
              batch.into(call, node.keys(), elapsed != OrderedCalls.FIRST_TIME);
              return call;
            })
        .map(reply -> outcomes(messages, batch.order(), Published.from(reply)));
  }

  /** How far back the history is searched for messages that may be stored already. */
  private Duration searched(List<Outgoing> batch, long elapsed) {
    boolean older = batch.stream().anyMatch(one -> one.origin() == Outgoing.Origin.REPEATED);
    return older
        ? node.options().history().maxAge()
        : Duration.ofMillis(Math.max(0, elapsed)).plus(CLOCK_SLACK);
  }

  /**
   * @param epochs one a channel
   * @param results one a message: its offset, or why it has none
   */
  @ReplyOf(Script.CHANNEL_PUBLISH)
  private record Published(List<String> epochs, ScriptReply results) {

    static Published from(ScriptReply reply) {
      ScriptReply told = reply.list(0);
      List<String> epochs = new ArrayList<>(told.size());
      for (int i = 0; i < told.size(); i++) {
        // A channel where all was refused may have none.
        epochs.add(told.isNull(i) ? "" : told.string(i));
      }
      return new Published(epochs, reply.list(1));
    }

    long result(int place) {
      return results.number(place);
    }
  }

  /**
   * @param order of the results
   */
  private static List<Outcome<Position>> outcomes(
      List<Outgoing> messages, PublishBatch.Order order, Published published) {
    List<Outcome<Position>> outcomes = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      long result = published.result(order.place(i));
      outcomes.add(
          result > 0
              ? Outcome.of(new Position(published.epochs().get(order.channel(i)), result))
              : Outcome.refused(refusal(messages.get(i), result)));
    }
    return outcomes;
  }

  private static CoordinationException refusal(Outgoing message, long result) {
    Ownership from = message.sender();
    String target = message.target();
    if (result == UNKNOWN_TARGET && target != null) {
      return OwnerRefusals.unknown(target);
    }
    if (result == UNKNOWN_SENDER && from != null) {
      return OwnerRefusals.unknown(from.swarmId());
    }
    if (result == FENCED_SENDER && from != null) {
      return OwnerRefusals.fenced(from);
    }
    throw new IllegalStateException("unknown result of the publish script: " + result);
  }
}
