package io.multiswarm.internal.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.internal.stream.Streams;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Interleaves publishes, lost and late pub/sub messages, reads, polls, reconnections, trims and
 * lost histories at random, against a plain model of a channel. The subscriber polls only at the
 * start and when it is woken, so a lost wake-up fails as well as a hole or a repetition does.
 */
class ChannelCursorModelTest {

  private static final int ROUNDS = 3_000;
  private static final int STEPS = 120;

  @Test
  void events_anyInterleaving_areCompleteOrAnnounced() {
    for (int seed = 1; seed <= ROUNDS; seed++) {
      assertThat(new Run(seed, Mutant.NONE).violation()).as("seed %d", seed).isNull();
    }
  }

  /** The judge must be able to convict: each of these breaks one promise of the road. */
  @ParameterizedTest
  @ValueSource(strings = {"NO_COMPARISON", "STALE_PAGE", "REPEATED_PAGE", "SKIPPED_MESSAGE"})
  void events_brokenRoad_isConvicted(String mutant) {
    for (int seed = 1; seed <= ROUNDS; seed++) {
      if (new Run(seed, Mutant.valueOf(mutant)).violation() != null) {
        return;
      }
    }
    throw new AssertionError("no seed of " + ROUNDS + " shows the fault " + mutant);
  }

  private enum Mutant {
    NONE,
    /** Nothing is compared after a reconnection. */
    NO_COMPARISON,
    /** Pages claim that the channel ends with what they hold. */
    STALE_PAGE,
    /** Offsets of a page are one too low. */
    REPEATED_PAGE,
    /** One message of a page is swallowed with its offset given to the next. */
    SKIPPED_MESSAGE
  }

  /** The channel as Redis keeps it. */
  private static final class Model {
    private int epochs = 1;
    private long last;
    private final TreeMap<Long, String> history = new TreeMap<>();

    String epoch() {
      return Integer.toString(epochs);
    }

    Position end() {
      return new Position(epoch(), last);
    }

    ChannelMessage publish() {
      last++;
      String name = epoch() + "/" + last;
      history.put(last, name);
      return message(last, name);
    }

    void trim(int keep) {
      while (history.size() > keep) {
        history.pollFirstEntry();
      }
    }

    void lose() {
      epochs++;
      last = 0;
      history.clear();
    }

    Page read(long after, int limit) {
      List<ChannelMessage> page = new ArrayList<>();
      history.tailMap(after, false).entrySet().stream()
          .limit(limit)
          .forEach(entry -> page.add(message(entry.getKey(), entry.getValue())));
      return new Page(end(), history.isEmpty() ? 0 : history.firstKey(), page);
    }

    private ChannelMessage message(long offset, String name) {
      byte[] bytes =
          ("{\"epoch\":\"" + epoch() + "\",\"offset\":" + offset + ",\"id\":\"" + name + "\"}")
              .getBytes(UTF_8);
      return ChannelMessage.of("swarm:x", new Position(epoch(), offset), bytes, 1);
    }
  }

  private static final class Run {
    private final Random random;
    private final Mutant mutant;
    private final Model model = new Model();
    private final Deque<byte[]> onTheWire = new ArrayDeque<>();
    private final Deque<Runnable> reads = new ArrayDeque<>();
    private final StreamCounters counters = new StreamCounters();
    private final ChannelStream stream;
    private final ChannelCursor cursor;
    private final Judge judge;
    private boolean connected = true;
    private boolean awake = true;

    Run(int seed, Mutant mutant) {
      this.random = new Random(seed);
      this.mutant = mutant;
      for (int i = random.nextInt(5); i > 0; i--) {
        model.publish();
      }
      this.stream = Streams.of("swarm:x", counters, this::compare);
      stream.onSubscribed();
      Position start = model.end();
      stream.learn(start);
      this.judge = new Judge(start);
      this.cursor =
          new ChannelCursor(
              stream,
              new ChannelCursor.Start(start, false),
              this::read,
              counters,
              () -> awake = true);
      stream.observe(cursor);
    }

    String violation() {
      try {
        for (int step = 0; step < STEPS; step++) {
          step();
        }
        settle();
        judge.finish(model.end());
        return null;
      } catch (IllegalStateException e) {
        return e.getMessage();
      }
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> publish();
        case 3, 4 -> hear();
        case 5 -> answer();
        case 6, 7 -> poll(1 + random.nextInt(3));
        case 8 -> disconnectOrReturn();
        case 9 -> model.trim(1 + random.nextInt(6));
        case 10 -> loseSeldom();
        default -> poll(100);
      }
    }

    private void publish() {
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        byte[] bytes = model.publish().bytes();
        if (connected) {
          onTheWire.add(bytes);
        }
      }
    }

    private void hear() {
      byte[] next = onTheWire.poll();
      if (next != null) {
        stream.onMessage(next);
      }
    }

    private void answer() {
      Runnable read = reads.poll();
      if (read != null) {
        read.run();
      }
    }

    private void poll(int most) {
      for (int i = 0; awake && i < most; i++) {
        ChannelEvent event = cursor.poll();
        if (event == null) {
          awake = false;
        } else {
          judge.see(event);
        }
      }
    }

    private void disconnectOrReturn() {
      connected = !connected;
      onTheWire.clear();
      if (connected) {
        stream.onSubscribed();
      }
    }

    private void loseSeldom() {
      if (random.nextInt(8) == 0) {
        model.lose();
      }
    }

    /** The comparison runs in Redis at once and is answered later. */
    private void compare(ChannelStream compared) {
      if (mutant != Mutant.NO_COMPARISON) {
        Position told = model.end();
        Consumer<Position> comparison = Streams.comparison(compared);
        reads.add(() -> comparison.accept(told));
      }
    }

    /** Likewise a page. */
    private Disposable read(String channel, long after, Consumer<Page> result) {
      Page page = broken(model.read(after, 1 + random.nextInt(4)));
      Disposable answered = Disposables.single();
      reads.add(
          () -> {
            if (!answered.isDisposed()) {
              result.accept(page);
            }
          });
      return answered;
    }

    private Page broken(Page page) {
      List<ChannelMessage> messages = page.messages();
      if (messages.size() < 2) {
        return page;
      }
      Position last = messages.get(messages.size() - 1).position();
      return switch (mutant) {
        case STALE_PAGE ->
            new Page(new Position(page.end().epoch(), last.offset() - 1), page.first(), messages);
        case REPEATED_PAGE -> new Page(page.end(), page.first(), shifted(messages, 0));
        case SKIPPED_MESSAGE -> new Page(page.end(), page.first(), shifted(messages, 1));
        default -> page;
      };
    }

    private static List<ChannelMessage> shifted(List<ChannelMessage> messages, int by) {
      List<ChannelMessage> result = new ArrayList<>(messages);
      ChannelMessage other = messages.get(by);
      Position position = messages.get(1 - by).position();
      result.set(1 - by, ChannelMessage.of("swarm:x", position, other.bytes(), 1));
      return result;
    }

    /** Everything on its way arrives; the subscriber still polls only when it is woken. */
    private void settle() {
      connected = true;
      stream.onSubscribed();
      for (int i = 0; i < 1_000 && (awake || !reads.isEmpty() || !onTheWire.isEmpty()); i++) {
        hear();
        answer();
        poll(100);
      }
    }
  }

  /** Knows nothing of cursors: judges the sequence of events alone. */
  private static final class Judge {
    private String epoch;
    private long due;

    Judge(Position start) {
      this.epoch = start.epoch();
      this.due = start.offset() + 1;
    }

    void see(ChannelEvent event) {
      if (event instanceof Gap gap) {
        see(gap);
      } else {
        see((ChannelMessage) event);
      }
    }

    private void see(ChannelMessage message) {
      Position position = message.position();
      require(position.epoch().equals(epoch), "untold epoch at " + position);
      require(position.offset() == due, "due was " + due + ", got " + position);
      String name = epoch + "/" + due + "\"";
      require(message.envelope().toString().contains(name), "wrong content at " + position);
      due++;
    }

    private void see(Gap gap) {
      if (gap.reason() == Gap.Reason.EPOCH) {
        require(!gap.epoch().equals(epoch), "same epoch told again: " + gap);
        require(gap.from() == 1 && gap.to() >= 0, "odd " + gap);
        epoch = gap.epoch();
      } else {
        require(gap.epoch().equals(epoch), "gap of another epoch: " + gap);
        require(gap.from() == due && gap.to() >= gap.from(), "due was " + due + ", got " + gap);
      }
      due = gap.to() + 1;
    }

    void finish(Position end) {
      require(epoch.equals(end.epoch()), "the subscriber never heard of epoch " + end.epoch());
      require(due == end.offset() + 1, "ended before " + due + ", the channel at " + end);
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalStateException(otherwise);
      }
    }
  }
}
