package io.multiswarm.internal.tracing;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Makes observations, or none. */
public interface Tracing {

  /** Where nobody looks: passes on what was given. */
  Tracing NONE =
      new Tracing() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public <T> Mono<T> sending(Sending what, Function<@Nullable String, Mono<T>> call) {
          return call.apply(what.traceparent());
        }

        @Override
        public Span begin(String name, Map<String, String> details, @Nullable String traceparent) {
          return Span.NONE;
        }
      };

  /**
   * What is sent.
   *
   * @param name of the observation
   * @param details that tell which
   * @param traceparent that it has already; null for none
   */
  record Sending(String name, Map<String, String> details, @Nullable String traceparent) {}

  boolean isOn();

  /**
   * A call that sends something, as a child of what the subscriber's context observes, or of what
   * it has already.
   *
   * @param call does it, with the traceparent that goes along; called by each subscription
   */
  <T> Mono<T> sending(Sending what, Function<@Nullable String, Mono<T>> call);

  /** Work on something that was sent, from now until it is ended. */
  Span begin(String name, Map<String, String> details, @Nullable String traceparent);

  /** Something that goes on. */
  interface Span {

    Span NONE =
        new Span() {
          @Override
          public void scoped(Runnable part) {
            part.run();
          }

          @Override
          public void end(String outcome) {}

          @Override
          public Context into(Context context) {
            return context;
          }
        };

    /** Runs what is a part of it. */
    void scoped(Runnable part);

    /** Once. */
    void end(String outcome);

    /** The context in which its children are found. */
    Context into(Context context);
  }
}
