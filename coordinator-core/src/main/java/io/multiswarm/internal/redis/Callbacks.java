package io.multiswarm.internal.redis;

import java.util.concurrent.CompletionStage;
import reactor.core.publisher.MonoSink;

/** From a future to a Mono without an intermediate operator. */
@SuppressWarnings("FutureReturnValueIgnored") // argued below
final class Callbacks {

  private Callbacks() {}

  static <T> void into(MonoSink<T> sink, CompletionStage<T> stage) {
    // The derived stage is not needed: the sink takes both outcomes, and a cancelled sink ignores
    // them. Cancelling the command would not undo it.
    stage.whenComplete(
        (value, error) -> {
          if (error == null) {
            sink.success(value);
          } else {
            sink.error(error);
          }
        });
  }

  /** As above, for a command that is one of those in flight. */
  static <T> void into(MonoSink<T> sink, CompletionStage<T> stage, CommandsInFlight inFlight) {
    stage.whenComplete(
        (value, error) -> {
          if (error == null) {
            inFlight.answered(sink);
            sink.success(value);
          } else {
            inFlight.failed(sink);
            sink.error(error);
          }
        });
  }
}
