package io.multiswarm.internal.health;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.RedisFindings;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisLink;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Looks whether Redis lets the node do what it must: before it starts, after each reconnection, for
 * that may have led to another server, and whenever the settings of Redis are looked at.
 *
 * <p><b>Threading.</b> Safe for concurrent use; the last look to end decides.
 */
public final class AccessCheck {

  private static final Logger log = LoggerFactory.getLogger(AccessCheck.class);

  private final RedisLink link;
  private final Mono<RedisFindings> probe;
  private volatile @Nullable RedisFindings latest;
  private volatile @Nullable String trouble;
  private volatile boolean running;
  private volatile List<String> told = List.of();

  public AccessCheck(NodeContext context) {
    this.link = context.link();
    this.probe = context.link().probe(context.keys(), context.nodeId());
  }

  /**
   * Looks once. Fails with {@code UNAVAILABLE} when something is refused that an operator can
   * grant, with {@code FAILED_PRECONDITION} when this server will never do; the log is told why.
   */
  public Mono<RedisFindings> admit() {
    return look()
        .flatMap(
            access ->
                access.obstacles().isEmpty() ? Mono.just(access) : Mono.error(refusal(access)));
  }

  /** Looks, as {@link #admit}, and tells only the log and {@link #obstacle}. */
  public Mono<Void> again() {
    return look().onErrorComplete().then();
  }

  /** Every part of the node runs. */
  public void started() {
    running = true;
  }

  /** Why the node does not work; empty when it has started and Redis lets it do what it must. */
  public Optional<String> obstacle() {
    String known = trouble;
    return known == null && running
        ? Optional.empty()
        : Optional.of(known == null ? waiting() : known);
  }

  private String waiting() {
    String away = link.trouble();
    return "the node has not started: "
        + (away == null || latest != null ? "it waits for Redis" : away);
  }

  /** The latest look; empty before the first has succeeded. */
  public Optional<RedisFindings> latest() {
    return Optional.ofNullable(latest);
  }

  private Mono<RedisFindings> look() {
    return probe.doOnNext(this::found).doOnError(this::failed);
  }

  private void found(RedisFindings access) {
    latest = access;
    if (!access.warnings().equals(told)) {
      told = access.warnings();
      told.forEach(warning -> log.warn("{}", warning));
    }
    if (!access.obstacles().isEmpty()) {
      trouble = text(access);
      link.tell("This node is not ready: " + text(access));
    } else if (trouble != null) {
      trouble = null;
      log.info("Redis lets this node do what it must");
    }
  }

  /** That Redis is away is told by the link; what it says to a node that starts is told here. */
  private void failed(Throwable error) {
    if (!running) {
      trouble = "the node has not started: " + error.getMessage();
      link.tell("This node is not ready: " + error.getMessage());
    }
  }

  private static String text(RedisFindings access) {
    return String.join("; ", access.obstacles());
  }

  private static CoordinationException refusal(RedisFindings access) {
    return CoordinationException.of(
        access.isTooOld() ? ErrorCode.FAILED_PRECONDITION : ErrorCode.UNAVAILABLE,
        "%s",
        text(access));
  }
}
