package io.multiswarm.server.websocket;

import io.multiswarm.server.session.NotificationSource;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.Share;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.util.concurrent.Queues;

/**
 * Everything that one connection sends, as the one Publisher that Reactor Netty is given.
 *
 * <p><b>Emission.</b> WebSocket frames, header included, a large one in pieces. First the answer to
 * the client's latest ping, then the texts of {@link #send} in their order, then notifications.
 *
 * <p><b>Backpressure.</b> By asynchronous fusion: Reactor Netty's send loop calls {@link
 * Drain#poll} on the channel's event loop and writes what it gets, so there is no queue between the
 * notifications' origin and the socket. While the channel is not writable, which is its byte
 * budget, {@code poll} gives nothing, and {@code channelWritabilityChanged} wakes the loop again.
 * Of a text no more than a piece is copied to where the socket takes it from. Texts of {@link
 * #send} wait in a queue meanwhile, and count to the connection's share of its node; {@link
 * #pendingBytes} tells their size to who bounds it: they are answers, and reading stops when they
 * pile up. Of pings only the latest is answered (RFC 6455, 5.5.3), so they do not pile up at all.
 *
 * <p><b>Completion.</b> After {@link #finish}, when the texts sent before are written.
 *
 * <p><b>Threading.</b> {@link #send}, {@link #wake} and {@link #finish} from any thread. Waking is
 * conflated by the send loop's own counter: a wake-up while it runs makes it go round once more.
 */
final class Outbound extends Flux<ByteBuf> implements Fuseable {

  private final Channel channel;
  private final NotificationSource notifications;
  private final Share share;
  private final IntConsumer sent;
  private final Runnable taken;
  private final Queue<byte[]> texts = Queues.<byte[]>unboundedMultiproducer().get();
  private volatile @Nullable CoreSubscriber<? super ByteBuf> subscriber;
  private volatile boolean finishing;
  private volatile boolean cancelled;
  private byte @Nullable [] pong;
  private @Nullable TextFrame current;
  private int currentAnswer;
  private boolean completed;

  Outbound(Channel channel, Session session, IntConsumer sent, Runnable taken) {
    this(channel, session::nextNotification, session.share(), sent, taken);
  }

  /**
   * @param sent hears the size of each text when it is its turn, on the event loop
   * @param taken called when the socket has taken a text of {@link #send}, on the event loop
   */
  Outbound(
      Channel channel,
      NotificationSource notifications,
      Share share,
      IntConsumer sent,
      Runnable taken) {
    this.channel = channel;
    this.notifications = notifications;
    this.share = share;
    this.sent = sent;
    this.taken = taken;
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
      share.answers(utf8.length);
      texts.offer(utf8);
      wake();
      if (cancelled) {
        // It ended in between, and nobody takes this one.
        channel.eventLoop().execute(this::drop);
      }
    }
  }

  /** Answers a ping, instead of those before that were not answered yet. On the event loop. */
  void pong(byte[] payload) {
    pong = payload;
    wake();
  }

  /** The connection is there no more. On the event loop. */
  void end() {
    cancelled = true;
    drop();
  }

  /**
   * Gives up the texts that wait, but for the rest of one that is on its way. On the event loop.
   */
  void drop() {
    for (byte[] text = texts.poll(); text != null; text = texts.poll()) {
      share.answered(text.length);
    }
  }

  /** Bytes of texts that the socket did not take yet. */
  long pendingBytes() {
    return share.unread();
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
      byte[] ping = pong;
      if (ping != null && current == null) {
        pong = null;
        return TextFrame.pong(channel.alloc(), ping);
      }
      TextFrame text = current == null ? next() : current;
      if (text == null) {
        return null;
      }
      ByteBuf piece = text.next(channel.alloc());
      current = text.isWritten() ? null : text;
      if (current == null && currentAnswer > 0) {
        share.answered(currentAnswer);
        currentAnswer = 0;
        taken.run();
      }
      return piece;
    }

    private @Nullable TextFrame next() {
      byte[] answer = texts.poll();
      if (answer != null) {
        currentAnswer = answer.length;
        return frame(answer);
      }
      if (finishing) {
        complete();
        return null;
      }
      byte[] notification = notifications.poll();
      return notification == null ? null : frame(notification);
    }

    private TextFrame frame(byte[] utf8) {
      sent.accept(utf8.length);
      return new TextFrame(utf8);
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
      return texts.isEmpty() && current == null;
    }

    @Override
    public int size() {
      return texts.size();
    }

    @Override
    public void clear() {
      drop();
      current = null;
      share.answered(currentAnswer);
      currentAnswer = 0;
    }

    /** Demand is the socket's, asked in {@link #poll}. */
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      end();
    }
  }
}
