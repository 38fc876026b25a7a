package io.multiswarm.internal.redis;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks all Sentinels for the master and believes the one that knows the latest failover (the
 * highest {@code config-epoch}): a Sentinel that was cut off goes on to name the old one.
 *
 * <p>It also listens to what they announce, since an old master does not know that it is none:
 *
 * <ul>
 *   <li>{@code +switch-master}: the connections are dropped, and made to the new one;
 *   <li>{@code +failover-state-send-slaveof-noone}, which comes a moment before a replica is
 *       promoted: until the switch, or its abort, nobody is the master, for what the old one takes
 *       now would be lost.
 * </ul>
 */
final class SentinelMaster implements Whereabouts {

  private static final Logger log = LoggerFactory.getLogger(SentinelMaster.class);

  /** How long an announcement counts more than what Sentinels answer that did not hear of it. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  /** How long a promotion that was announced is waited for. */
  private static final Duration PROMOTION = Duration.ofSeconds(5);

  private final List<RedisAddress> sentinels;
  private final String name;
  private final Questions questions;
  private final Scheduler scheduler;
  private final Consumer<String> moved;
  private final Disposable listening;
  private volatile @Nullable Announced announced;
  private volatile @Nullable RedisAddress latest;

  /**
   * @param master null while nobody is
   * @param until scheduler's time in ms
   */
  private record Announced(@Nullable RedisAddress master, long until) {}

  /**
   * @param moved told when connections may be to the wrong server
   */
  SentinelMaster(
      RedisUrl url,
      String name,
      Questions questions,
      LinkSettings settings,
      Scheduler scheduler,
      Consumer<String> moved) {
    this.sentinels = url.seeds();
    this.name = name;
    this.questions = questions;
    this.scheduler = scheduler;
    this.moved = moved;
    this.listening =
        new SentinelEvents(questions, settings, scheduler, this::heard, this::listens)
            .listen(sentinels);
  }

  @Override
  public Mono<RedisAddress> find() {
    return Mono.defer(
            () -> questions.gather(sentinels.stream().map(this::ask).toList()).map(this::judge))
        .flatMap(
            found -> {
              Announced now = current();
              if (now != null && now.master == null) {
                return Mono.error(new Obstacle("Sentinel is about to promote a replica"));
              }
              RedisAddress master = now == null || now.master == null ? found : now.master;
              latest = master;
              return Mono.just(master);
            });
  }

  private RedisAddress judge(List<SentinelQuestion.Answer> answers) {
    return answers.stream()
        .max(Comparator.comparingLong(SentinelQuestion.Answer::epoch))
        .map(SentinelQuestion.Answer::master)
        .orElseThrow(() -> new Obstacle("no Sentinel answers"));
  }

  private Mono<SentinelQuestion.Answer> ask(RedisAddress sentinel) {
    return questions.askSentinel(sentinel, new SentinelQuestion(sentinel, name)::ask);
  }

  private @Nullable Announced current() {
    Announced now = announced;
    return now != null && now.until > now() ? now : null;
  }

  @Override
  public boolean isElsewhere(RedisAddress server) {
    Announced now = current();
    RedisAddress known = now == null ? latest : now.master;
    return known == null ? now != null : !known.equals(server);
  }

  /** What was announced before is not known: whoever begins to listen has to ask. */
  private void listens() {
    moved.accept("");
  }

  private void heard(String channel, String text) {
    String[] words = text.split(" ", -1);
    if (channel.equals(SentinelEvents.SWITCHED) && words.length == 5 && words[0].equals(name)) {
      RedisAddress master = new RedisAddress(words[3], Integer.parseInt(words[4]));
      announce(master, FRESH, "the master is " + master + " now");
    } else if (channel.equals(SentinelEvents.PROMOTES) && text.contains(" @ " + name + ' ')) {
      announce(null, PROMOTION, "Sentinel is about to promote " + words[1]);
    } else if (channel.startsWith(SentinelEvents.ABORTED) && isAbout(words)) {
      log.warn("Sentinel's failover of {} was given up: {}", name, channel);
      announced = null;
      moved.accept("");
    }
  }

  private boolean isAbout(String[] words) {
    return words.length > 1 && words[1].equals(name) && current() != null;
  }

  private void announce(@Nullable RedisAddress master, Duration howLong, String what) {
    Announced before = current();
    boolean repeated = before != null && Objects.equals(before.master, master);
    boolean late = master == null && before != null;
    if (!repeated && !late) {
      log.warn("{}", what);
      announced = new Announced(master, now() + howLong.toMillis());
      moved.accept(what);
    }
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    listening.dispose();
  }
}
