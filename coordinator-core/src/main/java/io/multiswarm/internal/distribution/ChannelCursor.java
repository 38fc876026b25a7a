package io.multiswarm.internal.distribution;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.internal.stream.StreamObserver;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelReader;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One subscriber's place in a channel. Turns pub/sub, which forgets, and a history, which is far
 * away, into one sequence without holes and repetitions, at the pace at which it is asked.
 *
 * <h2>How</h2>
 *
 * The cursor is the position of the last event given. To find the next one it looks, in this order,
 * at
 *
 * <ol>
 *   <li>the page it holds, if a read of the history came back;
 *   <li>the stream's head: not beyond the cursor means up to date, there is nothing;
 *   <li>the stream's window of recent messages: the next offset is there for who keeps up, and
 *       giving it costs no I/O, no copy and no allocation;
 *   <li>else it reads a page from the history, and has nothing until that is back.
 * </ol>
 *
 * So live and replay are not two modes with a seam between them; each event is looked up by its
 * offset, wherever it is found first. A message is given if and only if its offset is the cursor's
 * successor, which excludes repetitions and holes alike. A larger offset is possible only in a
 * page, after the history was trimmed (or entries of it deleted), and is preceded by a {@link Gap}
 * over exactly the offsets between. A page that reaches the channel's end without them announces
 * the rest likewise.
 *
 * <p>Another epoch is believed when a page shows it, never from a live message alone: the cursor
 * goes to the beginning of the new epoch, reads from there, and announces the change with the first
 * page. A history that lost what this process knows of it begins another epoch, see {@link
 * ChannelStream}; so the same epoch never gives an offset twice.
 *
 * <h2>Concurrency</h2>
 *
 * Everything below the line "confined" belongs to the caller of {@link #poll}, which is one thread
 * at a time. Two things come from outside. A finished read is handed over in {@code arrived}, which
 * only a read writes while {@code reading} is true, and only {@code poll} empties. And the wake-up:
 * {@code poll} sets {@code hungry} before its last look at {@code arrived} and the head; a writer
 * changes those first and then looks at {@code hungry}. All are volatile, so at least one of the
 * two sees the other, and the subscriber is woken or needs no waking. {@code hungry} is taken by
 * compare-and-set: one wake-up for each time that the subscriber found nothing.
 */
final class ChannelCursor implements ChannelReader, StreamObserver {

  private final ChannelStream stream;
  private final PageSource pages;
  private final StreamCounters counters;
  private final Runnable wake;
  private final AtomicBoolean hungry = new AtomicBoolean();
  private final Disposable.Swap read = Disposables.swap();
  private final AtomicInteger due = new AtomicInteger();
  private final UnstoredQueue unstored;
  private volatile @Nullable Page arrived;
  private volatile boolean cancelled;
  private volatile boolean wanting;

  // ---- confined to the caller of poll ----
  private String epoch;
  private long offset;
  private boolean reading;
  private boolean epochUntold;
  private @Nullable Page page;
  private int next;

  /** Reads pages for cursors, repeating until it succeeds or is disposed of. */
  interface PageSource {
    Disposable read(ChannelStream stream, Position after, Consumer<Page> result);
  }

  /**
   * @param start the position after which to begin
   */
  ChannelCursor(
      ChannelStream stream,
      Start start,
      PageSource pages,
      UnstoredQueue.Budget budget,
      StreamCounters counters,
      Runnable wake) {
    this.unstored = new UnstoredQueue(budget);
    this.stream = stream;
    this.pages = pages;
    this.counters = counters;
    this.wake = wake;
    this.epoch = start.position().epoch();
    this.offset = start.position().offset();
    this.epochUntold = start.epochUntold();
  }

  /**
   * Where a cursor begins.
   *
   * @param position the position after which to begin
   * @param epochUntold whether it is the beginning of an epoch that the subscriber has not heard of
   */
  record Start(Position position, boolean epochUntold) {}

  @Override
  public @Nullable ChannelEvent poll() {
    wanting = true;
    ChannelEvent event = look();
    if (event == null) {
      hungry.set(true);
      event = look();
      if (event != null) {
        hungry.set(false);
      }
    }
    return event;
  }

  private @Nullable ChannelEvent look() {
    while (!cancelled) {
      ChannelEvent event = null;
      if (page != null) {
        event = fromPage(page);
      } else if (reading) {
        if (!takeArrived()) {
          return unstored.poll();
        }
      } else if (isBehind()) {
        event = fromWindow();
        if (event == null) {
          startReading();
        }
      } else {
        return unstored.poll();
      }
      if (event != null) {
        return count(event);
      }
    }
    return null;
  }

  /** In the head's epoch the cursor is never beyond it. */
  private boolean isBehind() {
    Position head = stream.head();
    return epochUntold || head.offset() != offset || !head.epoch().equals(epoch);
  }

  private @Nullable ChannelMessage fromWindow() {
    ChannelMessage message = epochUntold ? null : stream.recent(epoch, offset + 1);
    if (message != null) {
      offset++;
    }
    return message;
  }

  private void startReading() {
    reading = true;
    readPage();
  }

  /** A read that ends before it is noted leaves the next one to who notes it: one at a time. */
  private void readPage() {
    if (due.getAndIncrement() != 0) {
      return;
    }
    do {
      ChannelStream.Moment asked = stream.now();
      read.update(pages.read(stream, new Position(epoch, offset), result -> onPage(result, asked)));
    } while (due.decrementAndGet() != 0);
  }

  private void onPage(Page result, ChannelStream.Moment asked) {
    if (!stream.learn(result, asked)) {
      readPage();
      return;
    }
    arrived = result;
    wakeIfHungry();
  }

  private boolean takeArrived() {
    Page result = arrived;
    if (result == null) {
      return false;
    }
    arrived = null;
    reading = false;
    page = result;
    next = 0;
    return true;
  }

  /** The next event of the page, or null and no page when it is used up. */
  private @Nullable ChannelEvent fromPage(Page current) {
    ChannelEvent event = epochChange(current);
    while (event == null && page != null && next < current.messages().size()) {
      event = fromMessage(current.messages().get(next));
    }
    if (event == null && page != null) {
      event = missingEnd(current);
      page = null;
    }
    return event;
  }

  private @Nullable ChannelEvent epochChange(Page current) {
    Position end = current.end();
    if (!end.epoch().equals(epoch)) {
      epoch = end.epoch();
      epochUntold = true;
      if (offset > 0) {
        // This page began at an offset of the other history: read the new one from its beginning.
        offset = 0;
        page = null;
        return null;
      }
    }
    if (!epochUntold) {
      return null;
    }
    epochUntold = false;
    offset = current.first() == 0 ? end.offset() : current.first() - 1;
    return new Gap(stream.channel(), epoch, 1, offset, Gap.Reason.EPOCH);
  }

  private @Nullable ChannelEvent fromMessage(ChannelMessage message) {
    long found = message.position().offset();
    if (found > offset + 1) {
      return trimmed(found - 1);
    }
    next++;
    if (found <= offset) {
      return null;
    }
    offset = found;
    return message;
  }

  private @Nullable ChannelEvent missingEnd(Page current) {
    boolean lacking = current.messages().isEmpty() && current.end().offset() > offset;
    return lacking ? trimmed(current.end().offset()) : null;
  }

  private Gap trimmed(long to) {
    Gap gap = new Gap(stream.channel(), epoch, offset + 1, to, Gap.Reason.TRIMMED);
    offset = to;
    return gap;
  }

  private ChannelEvent count(ChannelEvent event) {
    if (event instanceof Gap) {
      counters.gapAnnounced();
    } else {
      counters.delivered();
    }
    return event;
  }

  @Override
  public void advanced() {
    wakeIfHungry();
  }

  @Override
  public void unstored(ChannelMessage message) {
    // At most once and only for who wants something: a full queue drops it.
    if (wanting && unstored.offer(message)) {
      wakeIfHungry();
    }
  }

  @Override
  public void lull() {
    wanting = false;
    unstored.clear();
  }

  @Override
  public void cancel() {
    cancelled = true;
    stream.unobserve(this);
    unstored.close();
    read.dispose();
  }

  private void wakeIfHungry() {
    if (hungry.get() && hungry.compareAndSet(true, false)) {
      wake.run();
    }
  }
}
