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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Interleaves publishes, lost and late pub/sub messages, reads, polls, reconnections, trims, lost
 * histories and histories that lost their end at random, against a plain model of a channel. The
 * one or two subscribers poll only at the start and when they are woken, so a lost wake-up fails as
 * well as a hole or a repetition does; {@code -Dchannels.rounds=300000} makes more rounds.
 */
class ChannelCursorModelTest {

  private static final int ROUNDS = Integer.getInteger("channels.rounds", 3_000);

  /** The search ends with the first seed that shows the fault, mostly soon. */
  private static final int ROUNDS_TO_CONVICT = 300_000;

  private static final int STEPS = 120;

  @Test
  void events_anyInterleaving_areCompleteOrAnnounced() {
    for (int seed = 1; seed <= ROUNDS; seed++) {
      assertThat(new Run(seed, Mutant.NONE).violation()).as("seed %d", seed).isNull();
    }
  }

  /** The judge must be able to convict: each of these breaks one promise of the road. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO_COMPARISON",
        "STALE_PAGE",
        "REPEATED_PAGE",
        "SKIPPED_MESSAGE",
        "REWIND_UNSEEN",
        "REWIND_UNSEEN_BY_PAGES",
        "REWIND_SEEN_BY_THE_POSITION_ALONE"
      })
  void events_brokenRoad_isConvicted(String mutant) {
    for (int seed = 1; seed <= ROUNDS_TO_CONVICT; seed++) {
      if (new Run(seed, Mutant.valueOf(mutant)).violation() != null) {
        return;
      }
    }
    throw new AssertionError("no seed of " + ROUNDS_TO_CONVICT + " shows the fault " + mutant);
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
    SKIPPED_MESSAGE,
    /** Redis does not look at what is known of the channel. */
    REWIND_UNSEEN,
    /** It does so when a position is compared, and not when a page is read. */
    REWIND_UNSEEN_BY_PAGES,
    /** It does not look at the messages. */
    REWIND_SEEN_BY_THE_POSITION_ALONE
  }

  /** The channel as Redis keeps it. */
  private static final class Model {
    private static final Pattern KNOWN = Pattern.compile("(\\d+)-(\\d+) (\\d+) (.*)");

    private int epochs = 1;
    private int published;
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
      published++;
      String name = "m" + published;
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

    /** Restarts from an older file: the epoch stays, and its offsets will be given again. */
    void rewind(int messages) {
      for (int i = 0; i < messages && history.size() > 1; i++) {
        last--;
        history.pollLastEntry();
      }
    }

    /** As lib/rewind.lua has it. */
    void judge(String known, Mutant mutant) {
      Matcher told = KNOWN.matcher(known);
      if (mutant == Mutant.REWIND_UNSEEN || !told.matches() || !told.group(1).equals(epoch())) {
        return;
      }
      String name = history.get(Long.parseLong(told.group(3)));
      boolean another =
          mutant != Mutant.REWIND_SEEN_BY_THE_POSITION_ALONE
              && name != null
              && !body(name).startsWith(told.group(4));
      if (last < Long.parseLong(told.group(2)) || another) {
        epochs++;
      }
    }

    Page read(long after, int limit) {
      List<ChannelMessage> page = new ArrayList<>();
      history.tailMap(after, false).entrySet().stream()
          .limit(limit)
          .forEach(entry -> page.add(message(entry.getKey(), entry.getValue())));
      return new Page(end(), history.isEmpty() ? 0 : history.firstKey(), page);
    }

    private ChannelMessage message(long offset, String name) {
      String header = "{\"epoch\":\"" + epoch() + "\",\"offset\":" + offset + ",";
      byte[] bytes = (header + body(name)).getBytes(UTF_8);
      return ChannelMessage.of("swarm:x", new Position(epoch(), offset), bytes, header.length());
    }

    private static String body(String name) {
      return "\"id\":\"" + name + "\"}";
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
    private final List<Subscriber> subscribers = new ArrayList<>();
    private boolean connected = true;

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
      subscribers.add(new Subscriber(start));
      // Two make mistakes of their own in what they share, and hide those of the mutants.
      if (mutant == Mutant.NONE && random.nextBoolean()) {
        subscribers.add(new Subscriber(new Position(start.epoch(), 0)));
      }
    }

    private final class Subscriber {
      final ChannelCursor cursor;
      final Judge judge;
      boolean awake = true;

      Subscriber(Position start) {
        this.judge = new Judge(start);
        this.cursor =
            new ChannelCursor(
                stream,
                new ChannelCursor.Start(start, false),
                Run.this::read,
                new UnstoredQueue.Budget(),
                counters,
                () -> awake = true);
        stream.observe(cursor);
      }

      void poll(int most) {
        for (int i = 0; awake && i < most; i++) {
          ChannelEvent event = cursor.poll();
          if (event == null) {
            awake = false;
          } else {
            judge.see(event);
          }
        }
      }
    }

    String violation() {
      try {
        for (int step = 0; step < STEPS; step++) {
          step();
        }
        settle();
        subscribers.forEach(subscriber -> subscriber.judge.finish(model));
        return null;
      } catch (IllegalStateException e) {
        return e.getMessage();
      }
    }

    private void step() {
      switch (random.nextInt(13)) {
        case 0, 1, 2 -> publish();
        case 3, 4 -> hear();
        case 5 -> answer();
        case 6, 7 -> poll(1 + random.nextInt(3));
        case 8 -> disconnectOrReturn();
        case 9 -> model.trim(1 + random.nextInt(6));
        case 10 -> loseSeldom();
        case 11 -> beQuietOrRestart();
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
      int which = subscribers.size() == 1 ? 0 : random.nextInt(subscribers.size());
      subscribers.get(which).poll(most);
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

    private void beQuietOrRestart() {
      if (random.nextInt(4) == 0) {
        // What was published reached the connection before it broke, or never will.
        connected = false;
        onTheWire.clear();
        model.rewind(1 + random.nextInt(6));
      } else if (onTheWire.isEmpty()) {
        Streams.fallSilent(stream);
      }
    }

    /** The comparison runs in Redis at once and is answered later. */
    private void compare(ChannelStream compared) {
      if (mutant != Mutant.NO_COMPARISON) {
        model.judge(Streams.known(compared), mutant);
        Position told = model.end();
        Consumer<Position> comparison = Streams.comparison(compared);
        reads.add(() -> comparison.accept(told));
      }
    }

    /** Likewise a page. */
    private Disposable read(ChannelStream from, Position after, Consumer<Page> result) {
      if (mutant != Mutant.REWIND_UNSEEN_BY_PAGES) {
        model.judge(Streams.known(from, after), mutant);
      }
      Page page = broken(model.read(after.offset(), 1 + random.nextInt(4)));
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
      for (int i = 0; i < 1_000 && isBusy(); i++) {
        hear();
        answer();
        subscribers.forEach(subscriber -> subscriber.poll(100));
      }
    }

    private boolean isBusy() {
      return !reads.isEmpty()
          || !onTheWire.isEmpty()
          || subscribers.stream().anyMatch(subscriber -> subscriber.awake);
    }
  }

  /** Knows nothing of cursors: judges the sequence of events alone. */
  private static final class Judge {
    private final Map<Long, String> seen = new HashMap<>();
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
      seen.put(due, message.envelope().toString());
      due++;
    }

    private void see(Gap gap) {
      if (gap.reason() == Gap.Reason.EPOCH) {
        require(!gap.epoch().equals(epoch), "same epoch told again: " + gap);
        require(gap.from() == 1 && gap.to() >= 0, "odd " + gap);
        epoch = gap.epoch();
        seen.clear();
      } else {
        require(gap.epoch().equals(epoch), "gap of another epoch: " + gap);
        require(gap.from() == due && gap.to() >= gap.from(), "due was " + due + ", got " + gap);
      }
      due = gap.to() + 1;
    }

    /** What was given is what the channel holds: no other message of another life. */
    void finish(Model model) {
      Position end = model.end();
      require(epoch.equals(end.epoch()), "the subscriber never heard of epoch " + end.epoch());
      require(due == end.offset() + 1, "ended before " + due + ", the channel at " + end);
      model.history.forEach(
          (offset, name) -> {
            String given = seen.getOrDefault(offset, name);
            require(given.contains(name), offset + " was " + given + ", not " + name);
          });
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalStateException(otherwise);
      }
    }
  }
}
