package io.multiswarm.internal.redis;

import io.lettuce.core.event.Event;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/**
 * Hears why a connection could not be made again, which Lettuce tells nobody else. In place of its
 * own bus, which throws at who publishes while another does.
 */
final class Reconnections implements EventBus {

  private final Consumer<Throwable> failed;

  /**
   * @param failed must not block
   */
  Reconnections(Consumer<Throwable> failed) {
    this.failed = failed;
  }

  /** Nothing: nobody here subscribes. */
  @Override
  public Flux<Event> get() {
    return Flux.never();
  }

  @Override
  public void publish(Event event) {
    if (event instanceof ReconnectFailedEvent told && told.getCause() != null) {
      failed.accept(told.getCause());
    }
  }
}
