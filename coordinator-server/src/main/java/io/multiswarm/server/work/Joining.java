package io.multiswarm.server.work;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.client.WireClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Becomes the swarm: attaches it with the key that this or an earlier life of the runner was given,
 * else registers it.
 */
final class Joining {

  private static final Logger log = LoggerFactory.getLogger(Joining.class);

  private final Workshop workshop;
  private final Link link;

  Joining(Workshop workshop, Link link) {
    this.workshop = workshop;
    this.link = link;
  }

  private WorkSettings.Membership wanted() {
    return workshop.settings().membership();
  }

  /** Emits what the swarm still has, on the runner's thread. */
  Mono<List<Lease>> join(WireClient client) {
    return Mono.fromCallable(() -> workshop.state().key())
        .subscribeOn(workshop.blocking())
        .flatMap(key -> key.map(known -> attach(client, known)).orElseGet(() -> create(client)))
        .publishOn(workshop.loop());
  }

  private Mono<List<Lease>> attach(WireClient client, String key) {
    Json params = Json.of(Map.of("swarmId", wanted().swarm(), "key", key));
    return client
        .call("swarm.attach", params)
        .retryWhen(link.whileRefused())
        .map(Joining::leases)
        .onErrorResume(Joining::isGone, gone -> create(client));
  }

  /** Expired, or another's by now: then it cannot be registered either, and that is told. */
  private static boolean isGone(Throwable refusal) {
    return CoordinationException.is(refusal, ErrorCode.NOT_FOUND)
        || CoordinationException.is(refusal, ErrorCode.PERMISSION_DENIED);
  }

  private static List<Lease> leases(Json attached) {
    return attached.members().getOrDefault("leases", Json.EMPTY_ARRAY).elements().stream()
        .map(Lease::read)
        .toList();
  }

  private Mono<List<Lease>> create(WireClient client) {
    Json params =
        Json.of(
            Map.of(
                "id", wanted().swarm(),
                "objective", wanted().objective(),
                "metadata",
                    Map.of(
                        "capabilities", wanted().capabilities(),
                        "priority", wanted().priority())));
    return client
        .call("swarm.create", params)
        .retryWhen(link.whileRefused())
        .onErrorMap(this::isTaken, taken -> taken())
        .publishOn(workshop.blocking())
        .flatMap(created -> Mono.fromCallable(() -> keep(created)));
  }

  private boolean isTaken(Throwable refusal) {
    return CoordinationException.is(refusal, ErrorCode.ALREADY_EXISTS);
  }

  private WorkException taken() {
    return new WorkException(
        "swarm: %s exists, and its key is not in %s: give another --swarm, or the --state-dir of the runner that registered it, or let an administrator put there what ctl newkey %s prints"
            .formatted(wanted().swarm(), workshop.state().keyFile(), wanted().swarm()));
  }

  private List<Lease> keep(Json created) throws IOException {
    String key = Optional.ofNullable(created.members().get("key")).orElseThrow().text();
    workshop.state().keep(key);
    log.info("swarm: {} is registered", wanted().swarm());
    return List.of();
  }

  /** Gives the swarm up. */
  Mono<Void> leave(WireClient client) {
    return client
        .call("swarm.deregister", Json.of(Map.of("swarmId", wanted().swarm())))
        .publishOn(workshop.blocking())
        .flatMap(
            left ->
                Mono.fromCallable(
                    () -> {
                      workshop.state().forgetKey();
                      return left;
                    }))
        .then();
  }
}
