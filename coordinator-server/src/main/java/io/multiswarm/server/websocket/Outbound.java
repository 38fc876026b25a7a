package io.multiswarm.server.websocket;

import io.multiswarm.server.session.NotificationSource;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.util.concurrent.Queues;

/**
 * Everything that one connection sends, as the one Publisher that Reactor Netty is given.
 *
 * <p><b>Emission.</b> WebSocket frames, header included. First the texts of {@link #send} in their
 * order, then notifications.
 *
 * <p><b>Backpressure.</b> By asynchronous fusion: Reactor Netty's send loop calls {@link
 * Drain#poll} on the channel's event loop and writes what it gets, so there is no queue between the
 * notifications' origin and the socket. While the channel is not writable, which is its byte
 * budget, {@code poll} gives nothing, and {@code channelWritabilityChanged} wakes the loop again.
 * Texts of {@link #send} wait in a queue meanwhile, whose size {@link #pendingBytes} tells to who
 * bounds it: they are answers, and reading stops when they pile up.
 *
 * <p><b>Completion.</b> After {@link #finish}, when the texts sent before are written.
 *
 * <p><b>Threading.</b> {@link #send}, {@link #wake} and {@link #finish} from any thread. Waking is
 * conflated by the send loop's own counter: a wake-up while it runs makes it go round once more.
 */
final class Outbound extends Flux<ByteBuf> implements Fuseable {

  static final long RELIEF = 2L << 20;

  private final Channel channel;
  private final NotificationSource notifications;
  private final Runnable relieved;
  private final Queue<byte[]> texts = Queues.<byte[]>unboundedMultiproducer().get();
  private final AtomicLong pendingBytes = new AtomicLong();
  private volatile @Nullable CoreSubscriber<? super ByteBuf> subscriber;
  private volatile boolean finishing;
  private volatile boolean cancelled;
  private boolean completed;

  /**
   * @param relieved called when the texts that wait become fewer than {@link #RELIEF} bytes, on the
   *     event loop
   */
  Outbound(Channel channel, NotificationSource notifications, Runnable relieved) {
    this.channel = channel;
    this.notifications = notifications;
    this.relieved = relieved;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
    actual.onSubscribe(new Drain());
    subscriber = actual;
    wake();
  }

  /** Sends a text ahead of notifications. After {@link #finish} or the end it goes nowhere. */
  void send(byte[] utf8) {
    if (!finishing && !cancelled) {
      pendingBytes.addAndGet(utf8.length);
      texts.offer(utf8);
      wake();
    }
  }

  /** Bytes of texts that the socket did not take yet. */
  long pendingBytes() {
    return pendingBytes.get();
  }

  /** Ends the stream when the texts sent so far are written. */
  void finish() {
    finishing = true;
    wake();
  }

  /** A fused subscriber takes any onNext as "look into the queue"; null is what Reactor passes. */
  @SuppressWarnings({"NullAway", "DataFlowIssue"})
  void wake() {
    CoreSubscriber<? super ByteBuf> woken = subscriber;
    if (woken != null) {
      woken.onNext(null);
    }
  }

  /** The end of the stream that Reactor Netty holds; used on the event loop. */
  private final class Drain implements Fuseable.QueueSubscription<ByteBuf> {

    @Override
    public int requestFusion(int requestedMode) {
      return requestedMode & Fuseable.ASYNC;
    }

    @Override
    public @Nullable ByteBuf poll() {
      if (cancelled || !channel.isWritable()) {
        return null;
      }
      byte[] text = texts.poll();
      if (text != null) {
        took(text.length);
        return frame(text);
      }
      if (finishing) {
        complete();
        return null;
      }
      byte[] notification = notifications.poll();
      return notification == null ? null : frame(notification);
    }

    private void took(int bytes) {
      long left = pendingBytes.addAndGet(-bytes);
      if (left < RELIEF && left + bytes >= RELIEF) {
        relieved.run();
      }
    }

    private ByteBuf frame(byte[] text) {
      return TextFrames.encode(channel.alloc(), text);
    }

    private void complete() {
      CoreSubscriber<? super ByteBuf> actual = subscriber;
      if (!completed && actual != null) {
        completed = true;
        actual.onComplete();
      }
    }

    /** Asked when the stream has ended: whether all texts are written. */
    @Override
    public boolean isEmpty() {
      return texts.isEmpty();
    }

    @Override
    public int size() {
      return texts.size();
    }

    @Override
    public void clear() {
      texts.clear();
      pendingBytes.set(0);
    }

    /** Demand is the socket's, asked in {@link #poll}. */
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
