package io.multiswarm.internal.health;

import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.InstallationReport.Installation;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.health.RedisExamination.Finding;
import io.multiswarm.health.RedisExamination.Level;
import io.multiswarm.health.RedisFindings;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks at a Redis as a node does before it starts, and measures it a little; starts nothing. */
final class RedisExaminer {

  /** After this time of trying, the reason is known; a machine that is busy takes longer. */
  private static final int PATIENCE_SECONDS = 5;

  private static final int LONGEST_SECONDS = 30;
  private static final int SAMPLES = 20;

  /** A tenth of a second on the way to Redis puts leases in danger. */
  private static final Duration SLOW = Duration.ofMillis(100);

  private static final Duration USUAL = Duration.ofMillis(5);
  private static final Duration AWRY = Duration.ofSeconds(1);

  private final NodeContext context;
  private final InstallationCheck installation;
  private final Supplier<Instant> clock;

  /**
   * @param clock of this machine
   */
  RedisExaminer(NodeContext context, InstallationCheck installation, Supplier<Instant> clock) {
    this.context = context;
    this.installation = installation;
    this.clock = clock;
  }

  /** Never fails: that there is no answer is a finding. */
  Mono<RedisExamination> examine() {
    return context
        .link()
        .connected()
        .timeout(patience(), Mono.error(this::away))
        .then(Mono.defer(this::look))
        .onErrorResume(
            error ->
                Mono.just(
                    List.of(
                        unsafe(
                            "connection",
                            String.valueOf(error.getMessage()),
                            "see that Redis runs there, speaks TLS as the address says (rediss), and knows the user and the password"))))
        .map(RedisExamination::new);
  }

  private Mono<Long> patience() {
    return Flux.interval(Duration.ofSeconds(1), context.scheduler())
        .onBackpressureDrop()
        .filter(second -> second >= patienceSeconds())
        .next();
  }

  private int patienceSeconds() {
    return context.link().trouble() == null ? LONGEST_SECONDS : PATIENCE_SECONDS;
  }

  private Throwable away() {
    String trouble = context.link().trouble();
    return new IllegalStateException(trouble == null ? "Redis does not answer" : trouble);
  }

  private Mono<List<Finding>> look() {
    return context
        .link()
        .probe(context.keys(), context.nodeId())
        .flatMap(
            access ->
                access.isTooOld()
                    ? Mono.just(accessFindings(access))
                    : Mono.zip(installation(), timing(), replication())
                        .map(
                            found -> {
                              List<Finding> all = accessFindings(access);
                              all.addAll(found.getT1());
                              all.addAll(found.getT2());
                              all.add(topology(access, found.getT3()));
                              return all;
                            }));
  }

  private static List<Finding> accessFindings(RedisFindings access) {
    List<Finding> found = new ArrayList<>();
    boolean known = !access.version().equals(RedisFindings.UNKNOWN);
    found.add(
        access.isTooOld()
            ? unsafe("version", access.version(), "7.0 or newer is needed, or a Valkey")
            : finding("version", known, access.version(), "see that it is 7.0 or newer"));
    found.add(
        finding(
            "role", access.role().equals("master"), access.role(), "give the master's address"));
    access.obstacles().forEach(obstacle -> found.add(unsafe("permissions", obstacle, "")));
    access
        .warnings()
        .forEach(warning -> found.add(new Finding("permissions", Level.WARNING, warning, "")));
    if (access.obstacles().isEmpty() && access.warnings().isEmpty()) {
      found.add(ok("permissions", "user " + access.user() + " may do all that a node does"));
    }
    return found;
  }

  private Mono<List<Finding>> installation() {
    return installation
        .look()
        .map(InstallationReport::installation)
        .map(
            found -> {
              List<Finding> findings = new ArrayList<>();
              findings.add(eviction(found));
              findings.add(persistence(found));
              installation
                  .durability()
                  .problem(found)
                  .ifPresent(problem -> findings.add(unsafe("durability", problem, "")));
              return findings;
            });
  }

  private static Finding eviction(Installation found) {
    if (!found.tellsEviction()) {
      return unsafe(
          "eviction",
          "not told: keys may be removed when the memory is full",
          "grant +info; see to maxmemory-policy noeviction");
    }
    String limit =
        found.maxMemory() == 0 ? "no memory limit" : "at most " + found.maxMemory() + " bytes";
    return found.mayEvict()
        ? unsafe(
            "eviction",
            limit + ", then keys are removed (" + found.policy() + ")",
            "set maxmemory-policy noeviction")
        : ok("eviction", limit + ", " + found.policy());
  }

  private static Finding persistence(Installation found) {
    String advice = "set appendonly yes, or live with it that a crash loses acknowledged work";
    return found.persistence() && found.appendOnly()
        ? ok("persistence", found.durability())
        : unsafe("persistence", found.durability(), found.persistence() ? advice : "grant +info");
  }

  private Mono<List<Finding>> timing() {
    RedisReads redis = context.link().reads();
    return Flux.range(0, SAMPLES)
        .concatMap(
            i ->
                Mono.defer(
                    () -> {
                      long sent = context.scheduler().now(TimeUnit.NANOSECONDS);
                      Instant before = clock.get();
                      return redis.micros().map(micros -> new Sample(took(sent), before, micros));
                    }))
        .collectList()
        .map(samples -> List.of(latency(samples), clock(samples)));
  }

  private Duration took(long since) {
    return Duration.ofNanos(context.scheduler().now(TimeUnit.NANOSECONDS) - since);
  }

  /** One question for the time: how long it took, when it was sent, and the answer. */
  private record Sample(Duration took, Instant sent, long micros) {

    /** By how much Redis's clock is ahead, if the question took half of the way. */
    Duration ahead() {
      Instant told = Instant.EPOCH.plusNanos(1_000 * micros);
      return Duration.between(sent.plus(took.dividedBy(2)), told);
    }
  }

  private static Finding latency(List<Sample> samples) {
    List<Duration> sorted = samples.stream().map(Sample::took).sorted().toList();
    Duration median = sorted.get(sorted.size() / 2);
    Duration worst = sorted.get(sorted.size() - 1);
    String text =
        "%s ms in the middle, %s ms at worst, of %d"
            .formatted(millis(median), millis(worst), samples.size());
    boolean good = median.compareTo(USUAL) <= 0 && worst.compareTo(SLOW) <= 0;
    return finding("latency", good, text, "put nodes and Redis closer together");
  }

  private static Finding clock(List<Sample> samples) {
    Duration ahead =
        samples.stream().min(java.util.Comparator.comparing(Sample::took)).orElseThrow().ahead();
    String text =
        millis(ahead.abs())
            + " ms "
            + (ahead.isNegative() ? "behind" : "ahead of")
            + " this machine";
    return finding("clock", ahead.abs().compareTo(AWRY) <= 0, text, "let NTP keep both clocks");
  }

  private static String millis(Duration time) {
    return "%d.%d".formatted(time.toMillis(), time.toNanos() / 100_000 % 10);
  }

  private Mono<Map<String, String>> replication() {
    return context.link().reads().info("replication").onErrorReturn(Map.of());
  }

  private static Finding topology(RedisFindings access, Map<String, String> replication) {
    String replicas = replication.get("connected_slaves");
    String text =
        access.mode() + ", " + (replicas == null ? "replicas not told" : replicas + " replicas");
    return ok("topology", text);
  }

  private static Finding ok(String name, String text) {
    return new Finding(name, Level.OK, text, "");
  }

  private static Finding unsafe(String name, String text, String advice) {
    return new Finding(name, Level.UNSAFE, text, advice);
  }

  private static Finding finding(String name, boolean good, String text, String otherwise) {
    return good ? ok(name, text) : new Finding(name, Level.WARNING, text, otherwise);
  }
}
