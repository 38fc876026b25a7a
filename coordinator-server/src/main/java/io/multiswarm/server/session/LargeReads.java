package io.multiswarm.server.session;

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
 * end. A session whose answers pile up unread waits until it has read some.
 *
 * <p><b>Threading.</b> Safe for concurrent use. What had to wait begins on its connection's thread.
 */
final class LargeReads {

  private static final int MOST_AT_ONCE = 16;
  private static final int MOST_IN_A_SESSION = 4;

  /**
   * Of the node's room, for one: an answer of some megabytes is there several times, as Redis sends
   * it, as values and as text.
   */
  private static final long ROOM = 8L << 20;

  /** Unread answers above which a session is given no more. */
  static final long UNREAD = 2L << 20;

  private final int atOnce;
  private final int inASession;
  private final Set<Line> waiting = new LinkedHashSet<>();
  private volatile boolean somebodyWaits;
  private int running;

  /** In bytes: what the line that began last had been given. */
  private long clock;

  /**
   * @param room that the node has for its connections, in bytes
   */
  LargeReads(long room) {
    this.atOnce = (int) Math.max(2, Math.min(MOST_AT_ONCE, room / ROOM));
    this.inASession = Math.min(MOST_IN_A_SESSION, atOnce / 2);
  }

  int atOnce() {
    return atOnce;
  }

  /** The calls of a session. */
  final class Line {

    private final Share share;
    private final Peer peer;
    private final Deque<MonoSink<Void>> calls = new ArrayDeque<>();
    private int running;
    private long given;

    private Line(Share share, Peer peer) {
      this.share = share;
      this.peer = peer;
    }

    /** The reading, subscribed in its turn. */
    Mono<Json> inTurn(Mono<Json> reading) {
      return Mono.<Void>create(this::await).then(Mono.defer(() -> counted(reading)));
    }

    private Mono<Json> counted(Mono<Json> reading) {
      long[] bytes = new long[1];
      return reading
          .doOnNext(read -> bytes[0] = read.length())
          .doFinally(end -> ended(this, bytes[0]));
    }

    private void await(MonoSink<Void> call) {
      if (beginsOrWaits(this, call)) {
        call.success();
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
      takeAll(this).forEach(call -> call.error(Call.over()));
      next();
    }

    private boolean mayRun() {
      return running < inASession && share.unread() < UNREAD && !share.isOverdrawn();
    }
  }

  Line line(Share share, Peer peer) {
    return new Line(share, peer);
  }

  private synchronized boolean beginsOrWaits(Line line, MonoSink<Void> call) {
    if (line.calls.isEmpty()) {
      line.given = Math.max(line.given, clock);
      if (running < atOnce && line.mayRun()) {
        begins(line);
        return true;
      }
    }
    line.calls.add(call);
    waiting.add(line);
    somebodyWaits = true;
    return false;
  }

  private void begins(Line line) {
    running++;
    line.running++;
    clock = Math.max(clock, line.given);
  }

  private void ended(Line line, long bytes) {
    synchronized (this) {
      running--;
      line.running--;
      line.given += bytes;
    }
    next();
  }

  private synchronized List<MonoSink<Void>> takeAll(Line line) {
    waiting.remove(line);
    List<MonoSink<Void>> calls = List.copyOf(line.calls);
    line.calls.clear();
    return calls;
  }

  /** Begins whatever may begin. */
  private synchronized void next() {
    for (Line line = running < atOnce ? chosen() : null;
        line != null;
        line = running < atOnce ? chosen() : null) {
      MonoSink<Void> call = line.calls.remove();
      if (line.calls.isEmpty()) {
        waiting.remove(line);
      }
      begins(line);
      line.peer.execute(call::success);
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
