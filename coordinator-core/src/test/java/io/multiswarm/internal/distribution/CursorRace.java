package io.multiswarm.internal.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays {@link CursorRound}s on two threads that begin each at the same moment: what the subscriber
 * connection does on one, what the subscriber does on the other, and what other threads do on both.
 */
public final class CursorRace {

  private static final int SPINS = 1_000;
  private static final Act CANCEL = new Act("cancel", CursorRound::cancel);

  private static final List<Act> ARRIVALS =
      List.of(
          new Act("publish", CursorRound::publish),
          new Act("publish", CursorRound::publish),
          new Act("publish", CursorRound::publish),
          new Act("publishUnheard", CursorRound::publishUnheard),
          new Act("begin", CursorRound::begin),
          new Act("trim", CursorRound::trim),
          new Act("foreign", CursorRound::publishForeign),
          new Act("compare", CursorRound::compare),
          new Act("answer", CursorRound::answer));

  private static final List<Act> DEMANDS =
      List.of(
          new Act("request 1", round -> round.request(1)),
          new Act("request 2", round -> round.request(2)),
          new Act("request 5", round -> round.request(5)),
          new Act("begin", CursorRound::begin),
          new Act("compare", CursorRound::compare),
          new Act("answer", CursorRound::answer),
          new Act("answer", CursorRound::answer),
          CANCEL);

  private record Act(String name, Consumer<CursorRound> what) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What happens in a round: before the race, and on each side of it. */
  private record Script(List<Act> before, List<Act> arrivals, List<Act> demands) {
    static Script random(Random random) {
      List<Act> before = acts(random, ARRIVALS, 3);
      before.addAll(acts(random, DEMANDS, 3));
      before.remove(CANCEL);
      return new Script(before, acts(random, ARRIVALS, 4), acts(random, DEMANDS, 4));
    }

    private static List<Act> acts(Random random, List<Act> from, int most) {
      List<Act> acts = new ArrayList<>();
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        acts.add(from.get(random.nextInt(from.size())));
      }
      return acts;
    }
  }

  private final Random random;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile @Nullable Runnable side = () -> {};
  private volatile @Nullable RuntimeException thrown;
  private int meetings;

  private CursorRace(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Plays.
   *
   * @return what went wrong, at once; null when nothing did in all rounds
   */
  public static @Nullable String play(long seed, int rounds) throws InterruptedException {
    CursorRace race = new CursorRace(seed);
    Thread other = new Thread(race::otherSide, "cursor-race");
    other.setDaemon(true);
    other.start();
    try {
      String broken = null;
      for (int i = 0; broken == null && i < rounds; i++) {
        broken = race.round();
      }
      return broken;
    } finally {
      race.side = null;
      race.meet();
      other.join();
    }
  }

  private @Nullable String round() {
    Script script = Script.random(random);
    CursorRound round = new CursorRound();
    play(script.before(), round);
    side = () -> play(script.demands(), round);
    meet();
    play(script.arrivals(), round);
    meet();
    try {
      if (thrown != null) {
        throw thrown;
      }
      round.judge();
      return null;
    } catch (IllegalStateException broken) {
      return broken.getMessage() + " in " + script;
    }
  }

  private static void play(List<Act> acts, CursorRound round) {
    for (Act act : acts) {
      act.what().accept(round);
    }
  }

  /** The other thread; ends when there is nothing to do. */
  private void otherSide() {
    for (int meeting = 1; ; meeting += 2) {
      meet(meeting);
      Runnable act = side;
      if (act == null) {
        return;
      }
      try {
        act.run();
      } catch (RuntimeException e) {
        thrown = e;
      }
      meet(meeting + 1);
    }
  }

  private void meet() {
    meetings++;
    meet(meetings);
  }

  /** Spins, so that both go on within nanoseconds; but there may be one core only. */
  private void meet(int meeting) {
    arrived.incrementAndGet();
    for (int spins = 0; arrived.get() < 2 * meeting; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }
}
