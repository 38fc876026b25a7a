package io.multiswarm.internal.distribution;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.messaging.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Reads of histories that are under way: who wants the same page as another waits for that one. A
 * message that is not in the window is so read once, however many subscribers are due to get it.
 *
 * <p>The subscription of the channel is part of the question, because an answer of before is not
 * one to what is asked after it.
 */
final class SharedPages {

  /**
   * @param asked the stream's moment
   */
  private record Question(ChannelStream stream, Position after, ChannelStream.Moment asked) {}

  private final Map<Question, Mono<Page>> reads = new ConcurrentHashMap<>();

  /**
   * The page, read once for all who ask the same at that time. Who cancels leaves the read to the
   * others.
   *
   * @param read one attempt, which ends by itself
   */
  Mono<Page> of(ChannelStream stream, Position after, Mono<Page> read) {
    return Mono.defer(
        () -> {
          Question question = new Question(stream, after, stream.now());
          return reads.computeIfAbsent(
              question, any -> read.doFinally(end -> reads.remove(question)).cache());
        });
  }
}
