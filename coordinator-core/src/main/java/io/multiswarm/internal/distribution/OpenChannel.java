package io.multiswarm.internal.distribution;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelReader;
import io.multiswarm.messaging.Channels.ChannelSubscription;
import io.multiswarm.messaging.Channels.ListeningChannel;
import io.multiswarm.messaging.Position;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A subscription that has begun before anybody asks for its events. */
final class OpenChannel implements ListeningChannel {

  /** Wakes the subscriber of the events, once there is one; who comes later polls anyway. */
  static final class Wake implements Runnable {
    private volatile @Nullable Runnable subscriber;

    @Override
    public void run() {
      Runnable present = subscriber;
      if (present != null) {
        present.run();
      }
    }
  }

  private final ChannelSubscription begun;
  private final Wake wake;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  OpenChannel(ChannelSubscription begun, Wake wake) {
    this.begun = begun;
    this.wake = wake;
  }

  @Override
  public Position position() {
    return begun.position();
  }

  @Override
  public boolean recovered() {
    return begun.recovered();
  }

  @Override
  public Flux<ChannelEvent> events() {
    return new ReaderFlux(this::read);
  }

  @Override
  public void dispose() {
    begun.reader().cancel();
  }

  private Mono<ChannelReader> read(Runnable subscriber) {
    if (!subscribed.compareAndSet(false, true)) {
      return Mono.error(
          new IllegalStateException("the events of a listening channel are for one subscriber"));
    }
    wake.subscriber = subscriber;
    return Mono.just(begun.reader());
  }
}
