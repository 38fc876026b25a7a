package io.multiswarm.internal.node;

import io.multiswarm.internal.redis.ChannelListener;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short texts that scripts publish to wake one node or all: {@code KIND rest}. A signal is a hint
 * that something durable changed, never the change itself: signals are lost while the subscriber
 * connection is away. Whoever relies on one also registers {@link #onReset}, and reads again what
 * it may have missed.
 *
 * <p><b>Threading.</b> Handlers run on the subscriber connection's event loop, in Redis's order,
 * and must not block. A handler that throws is logged as a defect and does not disturb the others.
 */
public final class Signals {

  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private final Map<String, List<Consumer<String>>> handlers = new ConcurrentHashMap<>();
  private final List<Runnable> resets = new CopyOnWriteArrayList<>();

  /** Kinds that have handlers, so their number is ours. */
  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  private final Subscriptions subscriptions;
  private final List<Channel> channels;

  public Signals(Subscriptions subscriptions, Keys keys, String nodeId) {
    this.subscriptions = subscriptions;
    this.channels =
        List.of(new Channel(() -> keys.nodeSignals(nodeId)), new Channel(keys::signals));
  }

  /** Handles signals of one kind; several handlers of a kind are called in turn. */
  public void on(String kind, Consumer<String> handler) {
    handlers.computeIfAbsent(kind, any -> new CopyOnWriteArrayList<>()).add(handler);
  }

  /**
   * Called once after each (re)subscription of all channels: signals may have been lost before it.
   */
  public void onReset(Runnable handler) {
    resets.add(handler);
  }

  /** Begins to listen; handlers should be registered by now. */
  public void start() {
    channels.forEach(channel -> subscriptions.add(channel.name.get(), channel));
  }

  public void stop() {
    channels.forEach(channel -> subscriptions.remove(channel.name.get(), channel));
  }

  private void receive(byte[] message) {
    String text = new String(message, StandardCharsets.UTF_8);
    int space = text.indexOf(' ');
    String kind = space < 0 ? text : text.substring(0, space);
    String rest = space < 0 ? "" : text.substring(space + 1);
    handlers
        .getOrDefault(kind, List.of())
        .forEach(handler -> guarded(kind, () -> handler.accept(rest)));
  }

  /** The node's own channel or that of all nodes. */
  private final class Channel implements ChannelListener {

    private final Supplier<String> name;
    private boolean subscribed;

    private Channel(Supplier<String> name) {
      this.name = name;
    }

    @Override
    public void onMessage(byte[] message) {
      receive(message);
    }

    @Override
    public void onSubscribed() {
      subscribed = true;
      if (channels.stream().allMatch(channel -> channel.subscribed)) {
        channels.forEach(channel -> channel.subscribed = false);
        resets.forEach(reset -> guarded("reset", reset));
      }
    }
  }

  /** Anybody who may publish can repeat what is no signal: its trace is told once a kind. */
  private void guarded(String what, Runnable handler) {
    try {
      handler.run();
    } catch (RuntimeException e) {
      if (failed.add(what)) {
        log.error("Defect in the handler of the signal {}", what, e);
      } else {
        log.error("Defect in the handler of the signal {}, again: {}", what, e.toString());
      }
    }
  }
}
