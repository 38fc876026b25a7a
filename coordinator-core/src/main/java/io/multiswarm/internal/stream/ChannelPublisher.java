package io.multiswarm.internal.stream;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.Position;
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
 * Monos. After a broken connection the whole batch is sent again; ids keep that from storing
 * anything twice.
 */
public final class ChannelPublisher {

  private static final long UNKNOWN_TARGET = -1;
  private static final long UNKNOWN_SENDER = -2;
  private static final long FENCED_SENDER = -3;

  private final NodeContext node;
  private final NaturalBatcher<Outgoing, Position> batches;

  public ChannelPublisher(NodeContext node) {
    this.node = node;
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
    Indexed channels = new Indexed();
    Indexed names = new Indexed();
    for (Outgoing message : batch) {
      channels.index(message.channel());
      names.index(message.sender() == null ? null : message.sender().swarmId());
      names.index(message.target());
    }
    ScriptCall call = node.appending(Script.CHANNEL_PUBLISH).key(node.keys().roster());
    channels.all().forEach(channel -> call.keys(node.keys().history(channel)));
    call.arg(names.size());
    names.all().forEach(call::arg);
    for (Outgoing message : batch) {
      addMessage(call, message, channels, names);
    }
    return node.link().run(call).map(reply -> outcomes(batch, channels, reply));
  }

  private static void addMessage(
      ScriptCall call, Outgoing message, Indexed channels, Indexed names) {
    Sender sender = Sender.of(message);
    call.arg(channels.index(message.channel()))
        .arg(names.index(sender.swarmId()))
        .arg(sender.incarnation())
        .arg(names.index(message.target()))
        .arg(message.id())
        .arg(message.envelope());
  }

  private static List<Outcome<Position>> outcomes(
      List<Outgoing> batch, Indexed channels, ScriptReply reply) {
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
    String sender = String.valueOf(Sender.of(message).swarmId());
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

  /** The sender of a message, or nobody. */
  private record Sender(@Nullable String swarmId, long incarnation) {
    static Sender of(Outgoing message) {
      return message.sender() == null
          ? new Sender(null, 0)
          : new Sender(message.sender().swarmId(), message.sender().incarnation());
    }
  }

  /** Distinct names by the order of their first mention, counted from 1; null is 0. */
  private static final class Indexed {
    private final Map<String, Integer> indexes = new LinkedHashMap<>();

    int index(@Nullable String name) {
      return name == null ? 0 : indexes.computeIfAbsent(name, any -> indexes.size() + 1);
    }

    Iterable<String> all() {
      return indexes.keySet();
    }

    int size() {
      return indexes.size();
    }
  }
}
