package io.multiswarm.internal.health;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.Installation;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.OnEviction;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks whether Redis is set up to keep what it is given: at start, and every 30 s, because {@code
 * CONFIG SET} needs no restart.
 *
 * <p>A memory limit with a policy that removes keys is refused: the leader's lease, tasks and
 * assignments would vanish without an error. Who must live with it says so by {@link
 * OnEviction#DEGRADE}, and gets a report that is never safe.
 *
 * <p><b>Threading.</b> Safe for concurrent use: looks follow each other, and the latest report is
 * published by one volatile write.
 */
public final class InstallationCheck {

  public static final Duration INTERVAL = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(InstallationCheck.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final RedisReads redis;
  private final Scheduler scheduler;
  private final OnEviction onEviction;
  private final Disposable.Swap ticks = Disposables.swap();
  private volatile @Nullable InstallationReport latest;

  public InstallationCheck(NodeContext context, OnEviction onEviction) {
    this(context.link().reads(), context.scheduler(), onEviction);
  }

  InstallationCheck(RedisReads redis, Scheduler scheduler, OnEviction onEviction) {
    this.redis = redis;
    this.scheduler = scheduler;
    this.onEviction = onEviction;
  }

  /**
   * Looks once and logs what was found. Fails with {@code FAILED_PRECONDITION} when this Redis is
   * refused, with {@code UNAVAILABLE} when it does not answer.
   */
  public Mono<InstallationReport> admit() {
    return look()
        .doOnNext(report -> log.info("{}", report.installation().describe()))
        .flatMap(
            report ->
                report.installation().mayEvict() && onEviction == OnEviction.REFUSE
                    ? Mono.error(refusal(report))
                    : Mono.just(report));
  }

  /** Looks every {@link #INTERVAL} from now on; a failing look is followed by the next. */
  public void start() {
    ticks.update(
        Flux.interval(INTERVAL, scheduler)
            .onBackpressureDrop()
            .concatMap(tick -> look().timeout(LIMIT, scheduler).onErrorResume(this::failed), 0)
            .subscribe());
  }

  public void stop() {
    ticks.dispose();
  }

  /** The latest report; empty before the first look has succeeded. */
  public Optional<InstallationReport> latest() {
    return Optional.ofNullable(latest);
  }

  private Mono<InstallationReport> look() {
    return Mono.zip(redis.info("default"), appendFsync(), Installation::of).map(this::report);
  }

  /** A hosted Redis may forbid CONFIG; what is not known is told as the default. */
  private Mono<String> appendFsync() {
    return redis
        .config("appendfsync")
        .onErrorResume(
            error -> {
              log.debug("Redis does not tell its appendfsync: {}", error.toString());
              return Mono.empty();
            })
        .defaultIfEmpty("");
  }

  private InstallationReport report(Installation now) {
    List<String> problems = new ArrayList<>();
    if (now.mayEvict()) {
      problems.add(evictionProblem(now));
    }
    InstallationReport before = latest;
    long evicted = before == null ? 0 : now.evictedKeys() - before.installation().evictedKeys();
    if (evicted > 0) {
      problems.add("Redis has removed " + evicted + " keys to make room since the last look");
    }
    InstallationReport report = new InstallationReport(now, problems);
    if (before == null || !before.problems().equals(problems)) {
      problems.forEach(problem -> log.warn("{}", problem));
    }
    latest = report;
    return report;
  }

  private static String evictionProblem(Installation now) {
    return "Redis removes keys at maxmemory ("
        + now.maxMemory()
        + " bytes, maxmemory-policy "
        + now.policy()
        + "), the leader's lease and tasks among them; set maxmemory-policy noeviction";
  }

  private static CoordinationException refusal(InstallationReport report) {
    return CoordinationException.of(
        ErrorCode.FAILED_PRECONDITION,
        "%s, or allow it explicitly and lose data",
        evictionProblem(report.installation()));
  }

  private Mono<InstallationReport> failed(Throwable error) {
    // Whether Redis answers is told by the link; here it only means that nothing new is known.
    log.debug("Looking at Redis's settings failed, the next look follows: {}", error.toString());
    return Mono.empty();
  }
}
