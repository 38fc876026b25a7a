package io.multiswarm.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
 * <p><b>Threading.</b> {@link #add} and {@link #answered} from any thread; {@link #look} by one
 * tick at a time.
 */
final class CommandsInFlight {

  static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

  private static final long STARVED = 4 * LOOK_INTERVAL.toNanos();

  private final long timeout;
  private final int suspectAfter;
  private final Consumer<String> suspect;
  private final Executor reader;
  private final Set<MonoSink<?>> waiting = ConcurrentHashMap.newKeySet();
  private final LongSupplier clock;
  private final AtomicInteger stalls = new AtomicInteger();
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
  }

  void add(MonoSink<?> command) {
    if (waiting.isEmpty()) {
      lastProgress = clock.getAsLong();
    }
    waiting.add(command);
  }

  void answered(MonoSink<?> command) {
    lastProgress = clock.getAsLong();
    stalls.set(0);
    waiting.remove(command);
  }

  /** By an error of Redis, which is an answer too, or because the connection broke. */
  void failed(MonoSink<?> command) {
    lastProgress = clock.getAsLong();
    waiting.remove(command);
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
          waiting.remove(command);
          command.error(new StalledException(timeout));
        });
    if (stalls.incrementAndGet() >= suspectAfter) {
      stalls.set(0);
      suspect.accept("several commands in a row had no answer");
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
