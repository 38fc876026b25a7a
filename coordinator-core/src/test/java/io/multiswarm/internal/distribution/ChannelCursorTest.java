package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.internal.stream.Streams;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

class ChannelCursorTest {

  private static final String EPOCH = "7";

  private final ChannelStream stream = Streams.of("swarm:a", new StreamCounters(), any -> {});
  private final List<Consumer<Page>> reads = new ArrayList<>();
  private final List<Disposable> guards = new ArrayList<>();

  /** The answer is there before the read's disposable is, and is not to be believed. */
  @Test
  void page_thatComesAtOnceAndIsDoubted_isReadAgainToTheEnd() {
    stream.onSubscribed();
    ChannelCursor cursor =
        new ChannelCursor(
            stream,
            new ChannelCursor.Start(new Position(EPOCH, 0), false),
            this::read,
            new UnstoredQueue.Budget(),
            new StreamCounters(),
            () -> {});
    stream.learn(new Position(EPOCH, 3));

    assertThat(cursor.poll()).isNull();
    assertThat(reads).hasSize(2);
    assertThat(guards.get(1).isDisposed()).as("the second read").isFalse();
    reads.get(1).accept(page());
    assertThat(cursor.poll()).isInstanceOf(Gap.class);
  }

  private Disposable read(ChannelStream of, Position after, Consumer<Page> result) {
    Disposable guard = Disposables.single();
    guards.add(guard);
    reads.add(result);
    if (reads.size() == 1) {
      of.onSubscribed(); // what was asked for before is doubted
      result.accept(page());
    }
    return guard;
  }

  private static Page page() {
    return new Page(new Position(EPOCH, 3), 0, List.of());
  }
}
