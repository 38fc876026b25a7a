package io.multiswarm.load.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel: what its senders were promised, and the subscriptions that must have seen it.
 *
 * <p>Senders are told an offset for each message. The first subscriber is the reference: each
 * offset it sees must hold the message whose sender was told that offset. The other subscribers
 * must have seen what the reference saw. So the check is exact, and its memory is what is on its
 * way at the moment.
 */
final class ChannelLedger {

  private final String name;
  private final Consumer<String> examples;
  private final List<SubscriptionLedger> subscriptions = new CopyOnWriteArrayList<>();
  private final Map<ChannelPosition, Long> unmatched = new HashMap<>();
  private @Nullable ChannelPosition lastAccepted;
  private long contradictions;

  ChannelLedger(String name, Consumer<String> examples) {
    this.name = name;
    this.examples = examples;
  }

  SubscriptionLedger subscribe(String subscriber, ChannelPosition last) {
    var subscription = new SubscriptionLedger(subscriber, this, last, subscriptions.isEmpty());
    subscriptions.add(subscription);
    return subscription;
  }

  /** A sender was told that its message is at {@code at}. */
  synchronized void accepted(ChannelPosition at, int sender, long number) {
    if (lastAccepted == null
        || !lastAccepted.epoch().equals(at.epoch())
        || at.offset() > lastAccepted.offset()) {
      lastAccepted = at;
    }
    if (!subscriptions.isEmpty()) {
      match(at, sender, number);
    }
  }

  /** The reference saw the message at {@code at}. */
  synchronized void delivered(ChannelPosition at, int sender, long number) {
    match(at, sender, number);
  }

  /** Promise and sight come in either order; the second of them must say the same as the first. */
  private void match(ChannelPosition at, int sender, long number) {
    long content = content(sender, number);
    Long other = unmatched.putIfAbsent(at, content);
    if (other == null) {
      return;
    }
    unmatched.remove(at);
    if (other != content) {
      contradictions++;
      examples.accept(
          "%s: offset %d was promised to one message and held another (%s and %s)"
              .formatted(name, at.offset(), describe(other), describe(content)));
    }
  }

  synchronized @Nullable ChannelPosition lastAccepted() {
    return lastAccepted;
  }

  /** Whether every subscriber has got, or been refused by a gap, everything that was accepted. */
  boolean isQuiet() {
    ChannelPosition last = lastAccepted();
    return last == null
        || subscriptions.stream().allMatch(subscription -> subscription.hasReached(last));
  }

  long delivered() {
    return subscriptions.stream().mapToLong(SubscriptionLedger::delivered).sum();
  }

  Verdict verdict() {
    ChannelPosition last = Objects.requireNonNullElse(lastAccepted(), new ChannelPosition("", 0));
    Verdict seen =
        subscriptions.stream()
            .map(subscription -> subscription.verdict(last))
            .reduce(Verdict.NOTHING, Verdict::plus);
    return seen.plus(Verdict.contradictions(contradictions + disagreements()));
  }

  private long disagreements() {
    if (subscriptions.isEmpty()) {
      return 0;
    }
    SubscriptionLedger reference = subscriptions.get(0);
    return subscriptions.stream()
        .filter(subscription -> subscription.contradicts(reference))
        .peek(
            subscription ->
                example(subscription, "saw other messages than %s", reference.subscriber()))
        .count();
  }

  void example(SubscriptionLedger subscription, String format, Object... arguments) {
    examples.accept(
        "%s at %s: ".formatted(name, subscription.subscriber()) + format.formatted(arguments));
  }

  /** Who sent it and as which of its messages, in one number. */
  static long content(int sender, long number) {
    return (long) sender << 40 | number;
  }

  private static String describe(long content) {
    return "message %d of sender %d".formatted(content & (1L << 40) - 1, content >> 40);
  }
}
