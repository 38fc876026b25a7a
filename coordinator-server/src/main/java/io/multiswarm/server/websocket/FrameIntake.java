package io.multiswarm.server.websocket;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Takes a connection's frames, a few at a time, and no more while there is a reason to wait. By
 * demand and not by the channel's auto-read alone, for one read of the socket can hold a thousand
 * requests, which are decoded and given on at once to who asked for all.
 *
 * <p><b>Threading.</b> The channel's event loop.
 */
final class FrameIntake extends BaseSubscriber<WebSocketFrame> {

  /** Why not to read on. */
  enum Reason {
    /** The client does not read its answers. */
    ANSWERS_PILE_UP,
    /** Too many of the client's notifications are being worked on. */
    CALLS_PILE_UP
  }

  /** Frames that may still come after a pause began. */
  private static final int BATCH = 16;

  private final Consumer<WebSocketFrame> receiver;
  private final Consumer<Throwable> broken;
  private final Runnable ended;
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private int owed;

  FrameIntake(Consumer<WebSocketFrame> receiver, Consumer<Throwable> broken, Runnable ended) {
    this.receiver = receiver;
    this.broken = broken;
    this.ended = ended;
  }

  void pause(Reason reason) {
    reasons.add(reason);
  }

  void resume(Reason reason) {
    if (reasons.remove(reason)) {
      replenish();
    }
  }

  boolean isPaused() {
    return !reasons.isEmpty();
  }

  private void replenish() {
    if (owed >= BATCH / 2 && reasons.isEmpty()) {
      int more = owed;
      owed = 0;
      request(more);
    }
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    subscription.request(BATCH);
  }

  @Override
  protected void hookOnNext(WebSocketFrame frame) {
    receiver.accept(frame);
    owed++;
    replenish();
  }

  @Override
  protected void hookOnComplete() {
    ended.run();
  }

  @Override
  protected void hookOnError(Throwable error) {
    broken.accept(error);
  }
}
