package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.internal.distribution.MessageFeed.Limits;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Channels.ListeningChannel;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.ExpectErrorLog;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What waits for code that is at work, and in which order it comes to it. */
class MessageFeedTest implements MessageFeed.Receiver {

  private static final int SIZE = 100;

  /** With what a message takes beside its bytes. */
  private static final int WEIGHT = 228;

  private static final Limits TEN_MESSAGES = new Limits(10, 1 << 20, 1 << 20);
  private static final MessageFeed.Shared PLENTY = new MessageFeed.Shared();

  private final Queue<Runnable> work = new ArrayDeque<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final VirtualTime time = new VirtualTime();
  private final List<String> heard = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final AtomicInteger taken = new AtomicInteger();
  private Runnable atWork = () -> {};

  /** Does what it is given when the test says so. */
  private final Scheduler workers =
      Schedulers.fromExecutor(
          task -> {
            if (refusals.getAndDecrement() > 0) {
              throw new RejectedExecutionException("full");
            }
            work.add(task);
          });

  @AfterEach
  void close() {
    workers.dispose();
    time.close();
  }

  @Override
  public void message(ChannelMessage message) {
    heard.add(message.toString());
    atWork.run();
  }

  @Override
  public void gap(Gap gap) {
    gaps.add(gap);
  }

  @Override
  public void failed(Throwable error) {
    heard.add(error.toString());
  }

  private MessageFeed feed(Limits limits, MessageFeed.Shared shared) {
    return new MessageFeed(limits, shared, workers, time.scheduler(), this);
  }

  private void doWork() {
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      task.run();
    }
  }

  private static ChannelMessage message(String channel, long offset) {
    return ChannelMessage.of(channel, new Position("e", offset), new byte[SIZE], 1);
  }

  private static List<String> messages(String channel, int count) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(offset -> message(channel, offset).toString())
        .toList();
  }

  private Flux<ChannelEvent> flux(String channel, int count) {
    return Flux.range(1, count)
        .<ChannelEvent>map(offset -> message(channel, offset))
        .doOnNext(event -> taken.incrementAndGet());
  }

  private ListeningChannel channel(String name, int count) {
    return listening(flux(name, count));
  }

  private static ListeningChannel listening(Flux<ChannelEvent> events) {
    return new ListeningChannel() {
      @Override
      public Position position() {
        return new Position("e", 0);
      }

      @Override
      public boolean recovered() {
        return true;
      }

      @Override
      public Flux<ChannelEvent> events() {
        return events;
      }

      @Override
      public void dispose() {}
    };
  }

  @Test
  void messages_ofAChannel_comeInTheirOrderAndOneAtATime() {
    AtomicInteger atOnce = new AtomicInteger();
    atWork =
        () -> {
          assertThat(atOnce.incrementAndGet()).isOne();
          doWork();
          atOnce.decrementAndGet();
        };
    feed(TEN_MESSAGES, PLENTY).begin(List.of(channel("a", 1_000), channel("b", 1_000)));
    doWork();
    assertThat(heard.stream().filter(one -> one.startsWith("a")))
        .containsExactlyElementsOf(messages("a", 1_000));
    assertThat(heard.stream().filter(one -> one.startsWith("b")))
        .containsExactlyElementsOf(messages("b", 1_000));
  }

  @Test
  void messages_whileTheCodeIsAtWork_waitUpToTheirNumber() {
    atWork = () -> assertThat(taken.get() - heard.size()).isLessThanOrEqualTo(10);
    feed(TEN_MESSAGES, PLENTY).begin(List.of(channel("a", 1_000)));
    assertThat(taken).hasValue(10);
    doWork();
    assertThat(heard).hasSize(1_000);
  }

  @Test
  void messages_whileTheCodeIsAtWork_waitUpToTheirBytes() {
    feed(new Limits(1_000, 5 * WEIGHT, WEIGHT), PLENTY)
        .begin(List.of(channel("a", 100), channel("b", 100)));
    assertThat(taken).hasValue(5);
    doWork();
    assertThat(heard).hasSize(200);
  }

  @Test
  void messages_whenOtherFeedsHoldTheRoomOfAll_haveTheirOwn() {
    MessageFeed.Shared shared = new MessageFeed.Shared(8 * WEIGHT);
    Limits limits = new Limits(1_000, 8 * WEIGHT, 2 * WEIGHT);
    MessageFeed greedy = feed(limits, shared);
    greedy.begin(List.of(channel("a", 100)));
    assertThat(taken).hasValue(8);
    feed(limits, shared).begin(List.of(channel("b", 100)));
    assertThat(taken).hasValue(10);
    greedy.dispose();
    doWork();
    assertThat(heard).containsExactlyElementsOf(messages("b", 100));
    feed(limits, shared).begin(List.of(channel("c", 100)));
    assertThat(taken).as("what is done is given back").hasValue(8 + 100 + 8);
  }

  @Test
  void dispose_byTheCodeItself_endsItAtOnce() {
    MessageFeed feed = feed(TEN_MESSAGES, PLENTY);
    atWork = feed::dispose;
    feed.begin(List.of(channel("a", 1_000)));
    doWork();
    assertThat(heard).hasSize(1);
    assertThat(feed.isDisposed()).isTrue();
  }

  @Test
  void begin_ofOneThatIsDisposed_takesNothingFurther() {
    MessageFeed feed = feed(TEN_MESSAGES, PLENTY);
    feed.dispose();
    feed.begin(List.of(channel("a", 1_000)));
    doWork();
    assertThat(heard).isEmpty();
    assertThat(taken.get()).isLessThanOrEqualTo(10);
  }

  @Test
  void messages_whenTheWorkersTakeNoMore_areGivenLater() {
    refusals.set(2);
    feed(TEN_MESSAGES, PLENTY).begin(List.of(channel("a", 20)));
    time.advance(Duration.ofMillis(100));
    doWork();
    assertThat(heard).isEmpty();
    time.advance(Duration.ofMillis(100));
    doWork();
    assertThat(heard).hasSize(20);
  }

  @Test
  void gaps_amongMessages_costNoRoomAndAreTold() {
    Gap gap = new Gap("a", "e", 11, 20, Gap.Reason.TRIMMED);
    Flux<ChannelEvent> events = Flux.concat(flux("a", 10), Flux.just(gap), flux("a", 10));
    feed(TEN_MESSAGES, PLENTY).begin(List.of(listening(events)));
    doWork();
    assertThat(heard).hasSize(20);
    assertThat(gaps).containsExactly(gap);
  }

  @Test
  void failure_ofAChannel_isToldAndEndsNoOther() {
    feed(TEN_MESSAGES, PLENTY)
        .begin(List.of(listening(Flux.error(new IllegalStateException("gone"))), channel("b", 3)));
    doWork();
    assertThat(heard).contains("java.lang.IllegalStateException: gone").hasSize(4);
  }

  @Test
  @ExpectErrorLog(value = "was not handled", atLeast = 1)
  void message_thatIsNotHandled_isFollowedByTheNext() {
    List<Integer> left = new ArrayList<>(IntStream.range(0, 3).boxed().toList());
    atWork =
        () -> {
          if (!left.isEmpty()) {
            left.remove(0);
            throw new StackOverflowError();
          }
        };
    feed(TEN_MESSAGES, PLENTY).begin(List.of(channel("a", 5)));
    doWork();
    assertThat(heard).hasSize(5);
  }
}
