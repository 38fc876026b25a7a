package io.multiswarm.load.messages;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.judge.ChannelPosition;
import io.multiswarm.load.judge.MessageLedger;
import io.multiswarm.load.judge.SubscriptionLedger;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Tally;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What is seen on one transport, from the first message to the last: counts, times, and the ledger
 * that judges them.
 */
public final class Observation {

  private final LongSupplier nanoTime;
  private final MessageLedger ledger = new MessageLedger();
  private final Latencies all = new Latencies();
  private final Latencies targeted = new Latencies();
  private final Latencies broadcast = new Latencies();
  private final Latencies acknowledged = new Latencies();
  private final Latencies lateness = new Latencies();
  private final LongAdder sent = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final Tally refused = new Tally();
  private volatile long measuredFrom = Long.MAX_VALUE;
  private volatile long lastDelivery;

  Observation(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Messages intended before {@code nanos} warm up: they are counted and judged, but their times
   * are not taken.
   */
  void measureFrom(long nanos) {
    measuredFrom = nanos;
    lastDelivery = nanos;
  }

  public SubscriptionLedger subscribed(String channel, String subscriber, ChannelPosition last) {
    return ledger.subscribed(channel, subscriber, last);
  }

  void sent(TestMessage message) {
    sent.increment();
    time(lateness, message.stamp(), nanoTime.getAsLong());
  }

  void accepted(String channel, TestMessage message, ChannelPosition at) {
    Stamp stamp = message.stamp();
    accepted.increment();
    time(acknowledged, stamp, nanoTime.getAsLong());
    ledger.accepted(channel, at, stamp.sender(), stamp.number());
  }

  void refused(Fault fault) {
    refused.add(fault.name());
  }

  public void delivered(SubscriptionLedger subscription, Delivery delivery, boolean isBroadcast) {
    Stamp stamp = delivery.stamp();
    long now = nanoTime.getAsLong();
    lastDelivery = now;
    delivered.increment();
    time(all, stamp, now);
    time(isBroadcast ? broadcast : targeted, stamp, now);
    subscription.delivered(
        new ChannelPosition(delivery.epoch(), delivery.offset()), stamp.sender(), stamp.number());
  }

  private void time(Latencies latencies, Stamp stamp, long now) {
    if (stamp.intendedNanos() >= measuredFrom) {
      latencies.record(now - stamp.intendedNanos());
    }
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  MessageLedger ledger() {
    return ledger;
  }

  /** From the intended sending to each delivery, of all messages together. */
  Latencies all() {
    return all;
  }

  Latencies targeted() {
    return targeted;
  }

  Latencies broadcast() {
    return broadcast;
  }

  /** From the intended sending to the server's answer. */
  Latencies acknowledged() {
    return acknowledged;
  }

  /**
   * From the intended sending to the sending: the part of the latency in which the message waited
   * in the harness.
   */
  Latencies lateness() {
    return lateness;
  }

  long sent() {
    return sent.sum();
  }

  long accepted() {
    return accepted.sum();
  }

  long delivered() {
    return delivered.sum();
  }

  long refused() {
    return refused.total();
  }

  /** How often each error was the answer. */
  Map<String, Long> refusals() {
    return refused.counts();
  }

  /** From the beginning of the measurement to the last delivery. */
  double measuredSeconds() {
    return Math.max(1, lastDelivery - measuredFrom) / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
