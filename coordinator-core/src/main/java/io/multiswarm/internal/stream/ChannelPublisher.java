package io.multiswarm.internal.stream;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.OrderedCalls;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
  private final NaturalBatcher<Outgoing, Position> batches;

  public ChannelPublisher(NodeContext node) {
    this.node = node;
    this.calls = node.link().ordered();
    this.batches =
        new NaturalBatcher<>(
            "publish",
            NaturalBatcher.Limits.DEFAULT,
            message -> message.envelope().length,
            this::publishAll);
  }

  /**
   * Errors: {@code NOT_FOUND} for an unknown target or sender, {@code FENCED} for a sender whose
   * proof is outdated, {@code RESOURCE_EXHAUSTED} when too many wait, {@code UNAVAILABLE}.
   */
  public Mono<Position> publish(Outgoing message) {
    return batches.submit(message);
  }

  private Mono<List<Outcome<Position>>> publishAll(List<Outgoing> batch) {
    Indexed<String> channels = new Indexed<>();
    Indexed<Ownership> senders = new Indexed<>();
    Indexed<String> targets = new Indexed<>();
    for (Outgoing message : batch) {
      channels.index(message.channel());
      senders.index(message.sender());
      targets.index(message.target());
    }
    return calls
        .run(
            elapsed -> {
              ScriptCall call = node.appending(Script.CHANNEL_PUBLISH).key(node.keys().roster());
              channels.all().forEach(channel -> call.keys(node.keys().history(channel)));
              call.arg(searched(batch, elapsed)).arg(senders.size()).arg(targets.size());
              senders.all().forEach(from -> call.arg(from.swarmId()).arg(from.incarnation()));
              targets.all().forEach(call::arg);
              for (Outgoing message : batch) {
                call.arg(channels.index(message.channel()))
                    .arg(senders.index(message.sender()))
                    .arg(targets.index(message.target()))
                    .arg(message.markedId(elapsed != OrderedCalls.FIRST_TIME))
                    .arg(message.envelope());
              }
              return call;
            })
        .map(reply -> outcomes(batch, channels, reply));
  }

  /** How far back the history is searched for messages that may be stored already. */
  private Duration searched(List<Outgoing> batch, long elapsed) {
    boolean older = batch.stream().anyMatch(one -> one.origin() == Outgoing.Origin.REPEATED);
    return older
        ? node.options().history().maxAge()
        : Duration.ofMillis(Math.max(0, elapsed)).plus(CLOCK_SLACK);
  }

  private static List<Outcome<Position>> outcomes(
      List<Outgoing> batch, Indexed<String> channels, ScriptReply reply) {
    ScriptReply epochs = reply.list(0);
    ScriptReply results = reply.list(1);
    List<Outcome<Position>> outcomes = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Outgoing message = batch.get(i);
      long result = results.number(i);
      outcomes.add(
          result > 0
              ? Outcome.of(
                  new Position(epochs.string(channels.index(message.channel()) - 1), result))
              : Outcome.refused(refusal(message, result)));
    }
    return outcomes;
  }

  private static CoordinationException refusal(Outgoing message, long result) {
    Ownership from = message.sender();
    String sender = from == null ? "nobody" : from.swarmId();
    if (result == UNKNOWN_TARGET) {
      return CoordinationException.of(
          ErrorCode.NOT_FOUND, "to: swarm %s is not registered", message.target());
    }
    if (result == UNKNOWN_SENDER) {
      return CoordinationException.of(
          ErrorCode.NOT_FOUND, "from: swarm %s is not registered any more", sender);
    }
    if (result == FENCED_SENDER) {
      return CoordinationException.of(
          ErrorCode.FENCED, "from: swarm %s was attached elsewhere meanwhile", sender);
    }
    throw new IllegalStateException("unknown result of the publish script: " + result);
  }

  /** Distinct values by the order of their first mention, counted from 1; null is 0. */
  private static final class Indexed<T> {
    private final Map<T, Integer> indexes = new LinkedHashMap<>();

    int index(@Nullable T value) {
      return value == null ? 0 : indexes.computeIfAbsent(value, any -> indexes.size() + 1);
    }

    Iterable<T> all() {
      return indexes.keySet();
    }

    int size() {
      return indexes.size();
    }
  }
}
