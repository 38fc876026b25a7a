package io.multiswarm.internal.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Finds out whether the addresses are those of a cluster, and in a cluster the owner of the fleet's
 * slot: a fleet's keys share one, so that one server has them all. Several nodes are asked, and the
 * latest configuration counts (the owner's {@code config-epoch}), for a node that was cut off goes
 * on to name the old one.
 *
 * <p>Without a cluster it is the address; of several the one whose role is master.
 */
final class SlotOwner implements Whereabouts {

  private static final Logger log = LoggerFactory.getLogger(SlotOwner.class);

  /** Nodes that are asked at a time, the likeliest first. */
  private static final int ASKED = 8;

  private final List<RedisAddress> seeds;
  private final Questions questions;
  private final FleetKeys fleet;
  private volatile boolean single;
  private volatile boolean cluster;
  private volatile @Nullable ClusterSlot latest;

  /**
   * @param fleet whose slot it is; told before the first answer when there is a cluster
   */
  SlotOwner(List<RedisAddress> seeds, Questions questions, FleetKeys fleet) {
    this.seeds = seeds;
    this.questions = questions;
    this.fleet = fleet;
  }

  @Override
  public Mono<RedisAddress> find() {
    return Mono.defer(
        () -> {
          if (single) {
            return seeds.size() == 1 ? Mono.just(seeds.get(0)) : master();
          }
          return cluster ? owner() : Mono.defer(this::whichKind);
        });
  }

  @Override
  public boolean mayMove() {
    return !single || seeds.size() > 1;
  }

  @Override
  public boolean isElsewhere(RedisAddress server) {
    ClusterSlot known = latest;
    return cluster && known != null && !known.owner().equals(server);
  }

  private Mono<RedisAddress> whichKind() {
    return questions
        .gather(seeds.stream().map(seed -> questions.askRedis(seed, SlotOwner::isCluster)).toList())
        .flatMap(
            answers -> {
              if (answers.contains(true)) {
                fleet.onCluster();
                cluster = true;
                log.info(
                    "Redis is a cluster; its nodes are asked for the owner of the fleet's slot");
              } else {
                single = true;
              }
              return find();
            });
  }

  /**
   * A refusal of the question is none of the connection's: where CLUSTER is forbidden, no cluster.
   */
  private static CompletionStage<Boolean> isCluster(RedisAsyncCommands<String, String> redis) {
    return redis
        .clusterMyId()
        .thenApply(id -> Boolean.TRUE)
        .exceptionally(
            error -> {
              Throwable cause = error.getCause() == null ? error : error.getCause();
              RedisFailure failure = RedisFailure.of(cause);
              if (cause instanceof RedisCommandExecutionException
                  && !failure.repeatable()
                  && failure != RedisFailure.PASSWORD) {
                return Boolean.FALSE;
              }
              throw new RedisConnectionException(String.valueOf(cause.getMessage()), cause);
            });
  }

  private Mono<RedisAddress> owner() {
    int slot = SlotHash.getSlot(fleet.any());
    return questions
        .gather(candidates().stream().map(node -> ask(node, slot)).toList())
        .map(
            answers ->
                answers.stream()
                    .flatMap(List::stream)
                    .max(Comparator.comparingLong(ClusterSlot::epoch))
                    .orElseThrow(
                        () -> new Obstacle("no node of the cluster of Redis has slot " + slot)))
        .map(
            found -> {
              ClusterSlot before = latest;
              latest = found;
              if (before == null || !before.owner().equals(found.owner())) {
                log.info("Slot {} of the fleet is at {}", slot, found.owner());
              }
              return found.owner();
            });
  }

  /** Empty where the node knows of no owner. */
  private Mono<List<ClusterSlot>> ask(RedisAddress node, int slot) {
    return questions.askRedis(
        node,
        redis ->
            redis
                .clusterSlots()
                .thenCombine(
                    redis.clusterNodes(),
                    (slots, nodes) -> ClusterSlot.read(slot, node, slots, nodes)));
  }

  private List<RedisAddress> candidates() {
    ClusterSlot known = latest;
    Set<RedisAddress> all = new LinkedHashSet<>();
    if (known != null) {
      all.add(known.owner());
      all.addAll(known.replicas());
    }
    all.addAll(seeds);
    if (known != null) {
      List<RedisAddress> others = new ArrayList<>(known.others());
      Collections.shuffle(others);
      all.addAll(others);
    }
    return all.stream().limit(ASKED).toList();
  }

  private Mono<RedisAddress> master() {
    return questions
        .gather(
            seeds.stream()
                .map(
                    seed ->
                        questions
                            .askRedis(seed, RedisAsyncCommands::role)
                            .map(
                                role ->
                                    role.get(0).equals("master")
                                        ? List.of(seed)
                                        : List.<RedisAddress>of()))
                .toList())
        .map(
            answers ->
                answers.stream()
                    .flatMap(List::stream)
                    .findFirst()
                    .orElseThrow(() -> new Obstacle("none of " + seeds + " is a master")));
  }
}
