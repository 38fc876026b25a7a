package io.multiswarm.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/**
 * The commands of one connection that wait for an answer, and the judgement that none will come.
 *
 * <p>Redis answers a connection in order, so a command does not time out by itself: the connection
 * stalls, when something waits and nothing at all was answered for the timeout. A burst that takes
 * a cold or starved process longer than that to digest is no stall, for answers keep coming; a
 * timer a command would fail such calls although Redis has long carried them out. For the same
 * reason judgement waits until the connection's own thread has read what lies in the socket.
 *
 * <p>Measured on the monotonic clock of the machine: sockets know no virtual time.
 *
 * <p>Their number is bounded. What comes on top is refused at once and by name: to wait longer
 * would help nobody.
 *
 * <p><b>Threading.</b> {@link #add} and {@link #answered} from any thread; {@link #look} by one
 * tick at a time.
 */
final class CommandsInFlight {

  static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

  private static final Logger log = LoggerFactory.getLogger(CommandsInFlight.class);
  private static final long STARVED = 4 * LOOK_INTERVAL.toNanos();

  /** A quarter is for the vital alone. */
  private static final int SHARE_OF_THE_VITAL = 4;

  private final long timeout;
  private final int suspectAfter;
  private final int most;
  private final int mostOrdinary;
  private final Consumer<String> suspect;
  private final Executor reader;
  private final Set<MonoSink<?>> waiting = ConcurrentHashMap.newKeySet();
  private final LongSupplier clock;
  private final AtomicInteger stalls = new AtomicInteger();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicBoolean overloaded = new AtomicBoolean();
  private volatile long lastProgress;
  private long lastLook;

  /**
   * @param suspect told after several stalls in a row
   * @param reader the thread that reads the answers; runs what it is given after having read
   */
  CommandsInFlight(LinkSettings settings, Consumer<String> suspect, Executor reader) {
    this(settings, suspect, reader, System::nanoTime);
  }

  CommandsInFlight(
      LinkSettings settings, Consumer<String> suspect, Executor reader, LongSupplier clock) {
    this.reader = reader;
    this.clock = clock;
    this.lastProgress = clock.getAsLong();
    this.lastLook = lastProgress;
    this.timeout = settings.commandTimeout().toNanos();
    this.suspectAfter = settings.suspectAfter();
    this.suspect = suspect;
    this.most = settings.requestQueue();
    this.mostOrdinary = most - most / SHARE_OF_THE_VITAL;
  }

  /**
   * Fails when too many wait already: that is no outage, and who is refused comes back later.
   *
   * @param vital what renews a lease, or gives something back: bulk leaves room for it
   */
  void add(MonoSink<?> command, boolean vital) throws OverloadException {
    int before = size.getAndIncrement();
    if (before >= (vital ? most : mostOrdinary)) {
      size.decrementAndGet();
      if (overloaded.compareAndSet(false, true)) {
        log.warn(
            "{} calls of Redis are without an answer; more are refused until half are", before);
      }
      throw new OverloadException(before);
    }
    if (before == 0) {
      lastProgress = clock.getAsLong();
    }
    waiting.add(command);
  }

  private void remove(MonoSink<?> command) {
    if (waiting.remove(command) && size.decrementAndGet() < most / 2 && overloaded.get()) {
      overloaded.set(false);
    }
  }

  void answered(MonoSink<?> command) {
    lastProgress = clock.getAsLong();
    stalls.set(0);
    remove(command);
  }

  /** Something was answered that nobody waits for. */
  void progressed() {
    lastProgress = clock.getAsLong();
  }

  /** By an error of Redis, which is an answer too, or because the connection broke. */
  void failed(MonoSink<?> command) {
    lastProgress = clock.getAsLong();
    remove(command);
  }

  void look() {
    long now = clock.getAsLong();
    boolean starved = now - lastLook > STARVED;
    lastLook = now;
    if (starved) {
      // Who could not look in time could not read answers in time either: they may lie in the
      // socket, and get the whole timeout to be read. So it is after the process was paused.
      lastProgress = now;
    } else if (isOverdue(now)) {
      reader.execute(
          () -> {
            if (isOverdue(now)) {
              stalled();
            }
          });
    }
  }

  private boolean isOverdue(long now) {
    return !waiting.isEmpty() && now - lastProgress > timeout;
  }

  private void stalled() {
    // Callers who are told send the next at once, and it has a timeout of its own: judged with what
    // was sent before it, all that waits behind would be sent and failed in no time.
    List<MonoSink<?>> overdue = List.copyOf(waiting);
    lastProgress = clock.getAsLong();
    overdue.forEach(
        command -> {
          remove(command);
          command.error(new StalledException(timeout));
        });
    if (stalls.incrementAndGet() >= suspectAfter) {
      stalls.set(0);
      suspect.accept("several commands in a row had no answer");
    }
  }

  /** Too many wait already; the command was not sent. */
  static final class OverloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverloadException(int waiting) {
      super(
          "the node has " + waiting + " calls of Redis under way; slow down and try again",
          null,
          false,
          false);
    }
  }

  /** Nothing was answered for the command timeout; what was sent may still be carried out. */
  static final class StalledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StalledException(long nanos) {
      super("no answer within " + Duration.ofNanos(nanos).toMillis() + " ms", null, false, false);
    }
  }
}
