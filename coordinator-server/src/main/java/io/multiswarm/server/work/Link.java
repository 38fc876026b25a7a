package io.multiswarm.server.work;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.server.client.Endpoint;
import io.multiswarm.server.client.NotReachedException;
import io.multiswarm.server.client.WireClient;
import io.multiswarm.server.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** The way to the coordinator: a connection, and another one when it is lost. */
final class Link {

  private static final Logger log = LoggerFactory.getLogger(Link.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** After a connection that was good for that long, the pause is the first one again. */
  private static final Duration STEADY = LONGEST_PAUSE;

  private static final int FINAL_CLOSES = 4_500;

  /** The token has expired, or is taken for none. */
  private static final int TOKEN_ENDED = 4_500;

  private static final String PROGRAM = "work";

  private final Supplier<List<Endpoint>> endpoints;
  private final Scheduler loop;
  private final Scheduler blocking;
  private int tried;
  private volatile @Nullable String token;

  /**
   * Creates one.
   *
   * @param endpoints may wait
   */
  Link(Supplier<List<Endpoint>> endpoints, Scheduler loop, Scheduler blocking) {
    this.endpoints = endpoints;
    this.loop = loop;
    this.blocking = blocking;
  }

  /**
   * Connects as long as it is subscribed to, to the nodes in turn. Fails with what another
   * connection would not mend.
   *
   * @param session what to do with a connection; emits when all is well, and fails at its end
   */
  <T> Flux<T> sessions(Function<WireClient, Flux<T>> session) {
    return Mono.fromCallable(this::next)
        .subscribeOn(blocking)
        .flatMap(endpoint -> WireClient.open(endpoint, PROGRAM, loop))
        .publishOn(loop)
        .flatMapMany(session)
        .delayElements(STEADY, loop)
        .onErrorResume(Link::isOfTheToken, this::withAnotherToken)
        .doOnError(Link::isPassing, lost -> log.warn("{}", lost.getMessage()))
        .retryWhen(backoff().filter(Link::isPassing));
  }

  private Endpoint next() {
    List<Endpoint> all = endpoints.get();
    Endpoint next = all.get(Math.floorMod(tried++, all.size()));
    token = next.token();
    return next;
  }

  private static boolean isOfTheToken(Throwable failure) {
    return failure instanceof NotReachedException lost && lost.closeCode() == TOKEN_ENDED;
  }

  /** When there is another one by now, the next connection begins with it. */
  private <T> Flux<T> withAnotherToken(Throwable ended) {
    return Mono.fromCallable(() -> !Objects.equals(token, endpoints.get().get(0).token()))
        .subscribeOn(blocking)
        .publishOn(loop)
        .flatMapMany(another -> Flux.error(another ? new TokenReplacedException() : ended));
  }

  private static final class TokenReplacedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TokenReplacedException() {
      super("the token has ended, and there is another", null, false, false);
    }
  }

  private static boolean isPassing(Throwable failure) {
    // A profile that cannot be used was one that could, and is being written.
    return failure instanceof NotReachedException lost
        ? lost.closeCode() < FINAL_CLOSES
        : failure instanceof TokenReplacedException
            || failure instanceof ConfigException
            || mayHelpLater(failure);
  }

  private static boolean mayHelpLater(Throwable failure) {
    return failure instanceof CoordinationException refused && refused.code().retryable();
  }

  /** Whether a call did not come to its answer, and may when it is made again. */
  static boolean isUnanswered(Throwable failure) {
    return failure instanceof NotReachedException || mayHelpLater(failure);
  }

  /** Tries again for ever, on the same connection, what was refused for the moment. */
  RetryBackoffSpec whileRefused() {
    return backoff().filter(Link::mayHelpLater);
  }

  /** Tries again for ever what has no answer, for whatever reason. */
  RetryBackoffSpec untilAnswered() {
    return backoff().filter(Link::isUnanswered);
  }

  private RetryBackoffSpec backoff() {
    return Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
        .maxBackoff(LONGEST_PAUSE)
        .jitter(0.5)
        .transientErrors(true)
        .scheduler(loop);
  }
}
