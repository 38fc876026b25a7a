package io.multiswarm.internal.redis;

import io.lettuce.core.RedisException;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Holds back what Redis has answered until its replicas have it too.
 *
 * <p>{@code WAIT} speaks of everything that was done before it, by whomever. So one is under way at
 * a time, for all that was answered while the last one was: under load they share its price. It
 * also covers what a repetition finds done already.
 *
 * <p>It counts only for what was sent on the same channel. The next channel may lead to another
 * master, which never had the write and confirms whatever it is asked; what was held then has met a
 * broken connection, and is repeated like the rest.
 *
 * <p>Reads that were answered behind a write are held with it, so that results keep their order;
 * for them it doesn't matter what the replicas say.
 */
final class Commits {

  /** As many as a connection has under way; it is refused there what would not fit here. */
  private static final int ANY = Integer.MAX_VALUE;

  private final int replicas;
  private final Duration limit;
  private final CommandsInFlight inFlight;
  private final Supplier<@Nullable Channel> channel;
  private final BiFunction<Integer, Duration, CompletionStage<Long>> waiting;
  private final NaturalBatcher<Answer, Boolean> batches;
  private final AtomicInteger held = new AtomicInteger();

  /** What is known of an answer that is held. */
  private record Answer(@Nullable Channel sentOn, boolean lasting) {}

  /**
   * @param channel the newest of the connection, also while it is only being made
   * @param waiting sends a {@code WAIT}, of replicas and a limit, on the connection
   */
  Commits(
      LinkSettings settings,
      CommandsInFlight inFlight,
      Supplier<@Nullable Channel> channel,
      BiFunction<Integer, Duration, CompletionStage<Long>> waiting) {
    this.replicas = settings.replicas();
    this.limit = settings.replicationTimeout();
    this.inFlight = inFlight;
    this.channel = channel;
    this.waiting = waiting;
    this.batches =
        new NaturalBatcher<>(
            "replication",
            new NaturalBatcher.Limits(1, ANY, ANY, ANY, Long.MAX_VALUE),
            answer -> 0,
            this::confirm);
  }

  /**
   * Sends a command that is one of those in flight, and gives the sink what becomes of it.
   *
   * @param lasting whether it waits for the replicas
   */
  @SuppressWarnings("FutureReturnValueIgnored") // as in Callbacks
  <T> void into(MonoSink<T> sink, Supplier<CompletionStage<T>> command, boolean lasting) {
    Answer answer = new Answer(channel.get(), lasting);
    command
        .get()
        .whenComplete(
            (value, error) -> {
              if (error != null) {
                failed(sink, error);
              } else if (lasting || held.get() > 0) {
                hold(sink, value, answer);
              } else {
                inFlight.answered(sink);
                sink.success(value);
              }
            });
  }

  private <T> void hold(MonoSink<T> sink, T value, Answer answer) {
    inFlight.progressed();
    held.incrementAndGet();
    batches
        .submit(answer)
        .doFinally(signal -> held.decrementAndGet())
        .subscribe(
            confirmed -> {
              inFlight.answered(sink);
              sink.success(value);
            },
            error -> failed(sink, error));
  }

  private void failed(MonoSink<?> sink, Throwable error) {
    inFlight.failed(sink);
    sink.error(error);
  }

  private Mono<List<NaturalBatcher.Outcome<Boolean>>> confirm(List<Answer> answers) {
    Mono<Long> confirmed =
        answers.stream().anyMatch(Answer::lasting)
            ? Mono.fromCompletionStage(() -> waiting.apply(replicas, limit))
            : Mono.just((long) replicas);
    return confirmed.map(count -> answers.stream().map(answer -> outcome(answer, count)).toList());
  }

  private NaturalBatcher.Outcome<Boolean> outcome(Answer answer, long confirmed) {
    if (!answer.lasting) {
      return NaturalBatcher.Outcome.of(true);
    }
    if (answer.sentOn != channel.get()) {
      return NaturalBatcher.Outcome.refused(
          new RedisException("the connection broke before the replicas had it"));
    }
    return confirmed < replicas
        ? NaturalBatcher.Outcome.refused(new UnconfirmedException(confirmed, replicas, limit))
        : NaturalBatcher.Outcome.of(true);
  }

  /** Redis did what it was asked; too few replicas have said that they have it. */
  static final class UnconfirmedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnconfirmedException(long confirmed, int replicas, Duration limit) {
      super(
          "%d of the %d replicas that durability replicated asks for confirmed it within %d ms"
              .formatted(confirmed, replicas, limit.toMillis()),
          null,
          false,
          false);
    }
  }
}
