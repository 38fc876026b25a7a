package io.multiswarm.load.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The history of a run's messages: what senders were promised and what subscribers saw. It may be
 * told from several threads; the events of one subscription come in the order in which they were
 * seen.
 */
public final class MessageLedger {

  private static final int MAX_EXAMPLES = 10;

  private final Map<String, ChannelLedger> channels = new ConcurrentHashMap<>();
  private final List<String> examples = new ArrayList<>();

  /** A subscriber hears a channel from now on: everything after {@code last}. */
  public SubscriptionLedger subscribed(String channel, String subscriber, ChannelPosition last) {
    return channel(channel).subscribe(subscriber, last);
  }

  /** The message {@code number} of {@code sender} was accepted and given a place in its channel. */
  public void accepted(String channel, ChannelPosition at, int sender, long number) {
    channel(channel).accepted(at, sender, number);
  }

  /**
   * Whether every subscriber has seen what was accepted, so that nothing is still to be waited for.
   */
  public boolean isQuiet() {
    return channels.values().stream().allMatch(ChannelLedger::isQuiet);
  }

  /** How many messages all subscribers together have seen. */
  public long delivered() {
    return channels.values().stream().mapToLong(ChannelLedger::delivered).sum();
  }

  /** The judgement on what was told so far; what has not arrived by now is lost. */
  public Verdict verdict() {
    return channels.values().stream()
        .map(ChannelLedger::verdict)
        .reduce(Verdict.NOTHING, Verdict::plus);
  }

  /** A few of the things that went wrong, in words. */
  public List<String> examples() {
    synchronized (examples) {
      return List.copyOf(examples);
    }
  }

  private ChannelLedger channel(String name) {
    return channels.computeIfAbsent(name, any -> new ChannelLedger(name, this::example));
  }

  private void example(String text) {
    synchronized (examples) {
      if (examples.size() < MAX_EXAMPLES && !examples.contains(text)) {
        examples.add(text);
      }
    }
  }
}
