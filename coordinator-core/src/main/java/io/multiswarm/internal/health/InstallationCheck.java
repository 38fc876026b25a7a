package io.multiswarm.internal.health;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.Durability;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.InstallationReport.Installation;
import io.multiswarm.health.OnEviction;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.internal.node.LateErrors;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.RedisReads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Looks whether Redis is set up to keep what it is given: at start, and every 30 s, because {@code
 * CONFIG SET} needs no restart.
 *
 * <p>A memory limit with a policy that removes keys is refused: the leader's lease, tasks and
 * assignments would vanish without an error. Who must live with it says so by {@link
 * OnEviction#DEGRADE}, and gets a report that is never safe. One that is set up for less than the
 * {@link Durability} that is demanded is refused as well.
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
  private final Durability durability;
  private final Supplier<Mono<Void>> access;
  private final Sinks.Many<Long> reconnections = Sinks.many().multicast().directBestEffort();
  private final Disposable.Swap ticks = Disposables.swap();
  private volatile @Nullable InstallationReport latest;

  /**
   * @param access looks what Redis permits; its failures are its own
   */
  public InstallationCheck(
      NodeContext context,
      OnEviction onEviction,
      Durability durability,
      Supplier<Mono<Void>> access) {
    this(context.link().reads(), context.scheduler(), onEviction, durability, access);
  }

  InstallationCheck(
      RedisReads redis,
      Scheduler scheduler,
      OnEviction onEviction,
      Durability durability,
      Supplier<Mono<Void>> access) {
    this.durability = durability;
    this.access = access;
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
                refusal(report.installation())
                    .<Mono<InstallationReport>>map(Mono::error)
                    .orElseGet(() -> Mono.just(report)));
  }

  /** Looks every {@link #INTERVAL} from now on; a failing look is followed by the next. */
  public void start() {
    ticks.update(
        Flux.merge(Flux.interval(INTERVAL, scheduler), reconnections.asFlux())
            .onBackpressureLatest()
            .concatMap(tick -> lookAtAll(), 1)
            .contextWrite(LateErrors::noted)
            .subscribe());
  }

  /** For new connections, which may lead to another server. */
  public void lookSoon() {
    // Nobody listens before the start and after the stop, and a look that is late is one anyway.
    reconnections.tryEmitNext(0L);
  }

  private Mono<Void> lookAtAll() {
    return Mono.defer(access)
        .then(look())
        .timeout(LIMIT, scheduler)
        .onErrorResume(this::failed)
        .then();
  }

  public void stop() {
    ticks.dispose();
  }

  /** The latest report; empty before the first look has succeeded. */
  public Optional<InstallationReport> latest() {
    return Optional.ofNullable(latest);
  }

  /**
   * Looks at all that this Redis promises, and starts nothing.
   *
   * @param clock of this machine
   */
  public Mono<RedisExamination> examine(NodeContext context, Supplier<Instant> clock) {
    return new RedisExaminer(context, this, clock).examine();
  }

  Durability durability() {
    return durability;
  }

  /** Looks once, at whatever Redis is set up to do. */
  Mono<InstallationReport> look() {
    return Mono.zip(facts(), setting("appendfsync"), setting("min-replicas-to-write"))
        .map(told -> report(Installation.of(told.getT1(), told.getT2(), told.getT3())));
  }

  /** Of INFO, or of CONFIG where that is refused: the administrators of hosted ones refuse both. */
  private Mono<Map<String, String>> facts() {
    return redis
        .info("default")
        .onErrorResume(
            RedisLink::isDenied,
            denied ->
                Mono.zip(setting("maxmemory"), setting("maxmemory-policy"), setting("appendonly"))
                    .map(told -> facts(told.getT1(), told.getT2(), told.getT3())));
  }

  private static Map<String, String> facts(String limit, String policy, String appendOnly) {
    Map<String, String> facts = new HashMap<>();
    if (!policy.isEmpty()) {
      facts.put("maxmemory", limit);
      facts.put("maxmemory_policy", policy);
    }
    if (!appendOnly.isEmpty()) {
      facts.put("aof_enabled", appendOnly.equals("yes") ? "1" : "0");
    }
    return facts;
  }

  /** Empty where it is refused. */
  private Mono<String> setting(String name) {
    return redis
        .config(name)
        .onErrorResume(RedisLink::isDenied, denied -> Mono.empty())
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
    durability.problem(now).ifPresent(problems::add);
    InstallationReport report = new InstallationReport(now, problems, warnings(now));
    if (before == null || !before.problems().equals(problems)) {
      problems.forEach(problem -> log.warn("{}", problem));
    }
    if (before == null || !before.warnings().equals(report.warnings())) {
      report.warnings().forEach(warning -> log.warn("{}", warning));
    }
    latest = report;
    return report;
  }

  private static List<String> warnings(Installation now) {
    return now.tellsEviction()
        ? List.of()
        : List.of(
            "Redis does not tell whether it removes keys when its memory is full, the leader's lease"
                + " and tasks among them (INFO and CONFIG are refused): grant +info, or see to"
                + " maxmemory-policy noeviction yourself");
  }

  private static String evictionProblem(Installation now) {
    return "Redis removes keys at maxmemory ("
        + now.maxMemory()
        + " bytes, maxmemory-policy "
        + now.policy()
        + "), the leader's lease and tasks among them; set maxmemory-policy noeviction";
  }

  private Optional<CoordinationException> refusal(Installation found) {
    if (found.mayEvict() && onEviction == OnEviction.REFUSE) {
      return Optional.of(
          CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION,
              "%s, or allow it explicitly and lose data",
              evictionProblem(found)));
    }
    return durability
        .problem(found)
        .map(problem -> CoordinationException.of(ErrorCode.FAILED_PRECONDITION, "%s", problem));
  }

  private Mono<InstallationReport> failed(Throwable error) {
    // Whether Redis answers is told by the link; here it only means that nothing new is known.
    log.debug("Looking at Redis's settings failed, the next look follows: {}", error.toString());
    return Mono.empty();
  }
}
