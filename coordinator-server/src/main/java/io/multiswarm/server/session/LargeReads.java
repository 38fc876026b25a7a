package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Lets calls whose answers may be large begin a few at a time, in the whole node and in each
 * session, so that what a node reads for its clients has a bound in memory, and nobody's reading
 * makes Redis deaf for the others.
 *
 * <p><b>Fairness.</b> By bytes: of the sessions that wait, that one is next which was given least
 * since it began to wait. So a session that reads now and then goes before those that read without
 * end. A session whose answers pile up unread waits until it has read some. And a session whose
 * answers are small in the mean does not wait for those of large ones at all: it has places of its
 * own, which those that read much can't hold for long.
 *
 * <p><b>Threading.</b> Safe for concurrent use. What had to wait begins on its connection's thread.
 */
final class LargeReads {

  private static final int MOST_AT_ONCE = 16;
  private static final int MOST_IN_A_SESSION = 4;

  /** A batch of them, and as much as may be in flight beside it. */
  static final int MOST_WAITING = 164;

  /**
   * Of the node's room, for one: an answer of some megabytes is there several times, as Redis sends
   * it, as values and as text.
   */
  private static final long ROOM = 8L << 20;

  /** Unread answers above which a session is given no more. */
  static final long UNREAD = 2L << 20;

  /** The mean of a session's answers up to which it reads little, in bytes. */
  private static final long LIGHT = 64L << 10;

  private static final long UNKNOWN = Long.MAX_VALUE;

  private final int atOnce;
  private final int lightAtOnce;
  private final int inASession;
  private final Set<Line> waiting = new LinkedHashSet<>();
  private volatile boolean somebodyWaits;
  private int running;
  private int lightRunning;

  /** In bytes: what the line that began last had been given. */
  private long clock;

  /**
   * @param room that the node has for its connections, in bytes
   */
  LargeReads(long room) {
    this.atOnce = (int) Math.max(2, Math.min(MOST_AT_ONCE, room / ROOM));
    this.lightAtOnce = 2 * atOnce;
    this.inASession = Math.min(MOST_IN_A_SESSION, atOnce / 2);
  }

  int atOnce() {
    return atOnce;
  }

  /** A call, and which places it has one of. */
  private static final class Turn {
    private final MonoSink<Turn> sink;
    private boolean light;

    private Turn(MonoSink<Turn> sink) {
      this.sink = sink;
    }

    private void begins() {
      sink.success(this);
    }
  }

  /** The calls of a session. */
  final class Line {

    private final Share share;
    private final Peer peer;
    private final Deque<Turn> calls = new ArrayDeque<>();
    private int running;
    private long given;

    /** Of the answers, the latest weighing most; in bytes. Of who is not known yet, a lot. */
    private long mean = UNKNOWN;

    private Line(Share share, Peer peer) {
      this.share = share;
      this.peer = peer;
    }

    /** The reading, subscribed in its turn. */
    Mono<Json> inTurn(Mono<Json> reading) {
      return Mono.<Turn>create(begin -> await(new Turn(begin)))
          .flatMap(turn -> counted(turn, reading));
    }

    private Mono<Json> counted(Turn turn, Mono<Json> reading) {
      long[] bytes = new long[1];
      return reading
          .doOnNext(read -> bytes[0] = read.length())
          .doFinally(end -> ended(this, turn, bytes[0]));
    }

    private void await(Turn turn) {
      Place place = place(this, turn);
      if (place == Place.FIRST) {
        turn.begins();
      } else if (place == Place.NONE) {
        peer.refused();
        turn.sink.error(tooMany());
      }
    }

    /** To be told when the session has read some of its answers. */
    void answersWereRead() {
      if (somebodyWaits) {
        next();
      }
    }

    /** Fails the calls that wait: the session is over. */
    void leave() {
      takeAll(this).forEach(turn -> turn.sink.error(Call.over()));
      next();
    }

    private boolean isLight() {
      return mean <= LIGHT;
    }

    private boolean mayRun() {
      boolean free =
          isLight()
              ? running < MOST_IN_A_SESSION && lightRunning < lightAtOnce
              : running < inASession && LargeReads.this.running < atOnce;
      return free && share.unread() < UNREAD && !share.isOverdrawn();
    }
  }

  Line line(Share share, Peer peer) {
    return new Line(share, peer);
  }

  private enum Place {
    FIRST,
    IN_LINE,
    NONE
  }

  private synchronized Place place(Line line, Turn turn) {
    if (line.calls.isEmpty()) {
      line.given = Math.max(line.given, clock);
      if (line.mayRun()) {
        begins(line, turn);
        return Place.FIRST;
      }
    } else if (line.calls.size() >= MOST_WAITING) {
      return Place.NONE;
    }
    line.calls.add(turn);
    waiting.add(line);
    somebodyWaits = true;
    return Place.IN_LINE;
  }

  private static CoordinationException tooMany() {
    return CoordinationException.of(
        ErrorCode.RESOURCE_EXHAUSTED,
        "%d calls of this session whose answers may be large wait for their turn;"
            + " wait for some of them before the next",
        MOST_WAITING);
  }

  private void begins(Line line, Turn turn) {
    turn.light = line.isLight();
    count(line, turn, 1);
    clock = Math.max(clock, line.given);
  }

  private void count(Line line, Turn turn, int more) {
    line.running += more;
    if (turn.light) {
      lightRunning += more;
    } else {
      running += more;
    }
  }

  private void ended(Line line, Turn turn, long bytes) {
    synchronized (this) {
      count(line, turn, -1);
      line.given += bytes;
      if (bytes > 0) {
        // A refusal says nothing of what the next one reads.
        line.mean = line.mean == UNKNOWN ? bytes : line.mean + (bytes - line.mean) / 4;
      }
    }
    next();
  }

  private synchronized List<Turn> takeAll(Line line) {
    waiting.remove(line);
    List<Turn> calls = List.copyOf(line.calls);
    line.calls.clear();
    return calls;
  }

  /** Begins whatever may begin. */
  private synchronized void next() {
    for (Line line = chosen(); line != null; line = chosen()) {
      Turn turn = line.calls.remove();
      if (line.calls.isEmpty()) {
        waiting.remove(line);
      }
      begins(line, turn);
      line.peer.execute(turn::begins);
    }
    somebodyWaits = !waiting.isEmpty();
  }

  private @Nullable Line chosen() {
    Line best = null;
    for (Line line : waiting) {
      if (line.mayRun() && (best == null || line.given < best.given)) {
        best = line;
      }
    }
    return best;
  }
}
