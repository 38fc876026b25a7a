package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.SessionFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The agents of this node, by their swarms, and a session for each token that calls without a
 * handle.
 *
 * <p><b>At its limit</b> a new one is refused by name; those that are there go on.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class Agents {

  /** More leases than an answer of {@code swarm.attach} has. */
  private static final int MOST_LEASES = 1_000;

  /** Tasks that an agent may have at a time. */
  public static final int MOST_SLOTS = 100;

  /**
   * What agents are made with.
   *
   * @param sessions makes their sessions
   * @param scheduler whose workers are their threads
   * @param grace how long one is kept after a call
   * @param most on this node
   * @param version of the server
   */
  public record Setup(
      SessionFactory sessions, Scheduler scheduler, Duration grace, int most, String version) {}

  /** An agent, and where its channels were when it began to hear them. */
  public record Joined(Agent agent, Cursor cursor) {}

  /** Swarms of two fleets may have one id. */
  private record Place(String fleet, String swarmId) {

    static Place of(Agent agent, Handle handle) {
      return new Place(agent.client().session().fleet().name(), handle.swarmId());
    }
  }

  private record Attaching(Handle handle, int slots, @Nullable AccessGrant grant, String fleet) {}

  private final Setup setup;
  private final Map<Place, Agent> bySwarm = new ConcurrentHashMap<>();
  private final Map<Attaching, Mono<Joined>> attaching = new ConcurrentHashMap<>();
  private final Map<String, Mono<Agent>> withoutSwarm = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  public Agents(Setup setup) {
    this.setup = setup;
  }

  /** Agents with a swarm, on this node. */
  public int size() {
    return bySwarm.size();
  }

  /**
   * A new agent, whose swarm is created.
   *
   * @param swarm the parameters of {@code swarm.create}
   */
  public Mono<Joined> join(Client caller, Json swarm, int slots) {
    return Mono.defer(
        () -> {
          Agent agent = begin(caller, slots);
          return opened(agent)
              .then(agent.call("swarm.create", swarm))
              .flatMap(created -> hears(agent, handle(Params.of(created))))
              .doOnError(failed -> agent.leave(true, "it could not join"));
        });
  }

  private static Handle handle(Params created) {
    return new Handle(created.params("swarm").string("id"), created.string("key"));
  }

  /** The agent with that handle: as it is here, or attached anew with what it has. */
  public Mono<Agent> at(Client caller, Handle handle) {
    return Mono.defer(
        () -> {
          Agent present = bySwarm.get(new Place(fleetOf(caller), handle.swarmId()));
          return present != null && present.serves(caller, handle)
              ? Mono.just(present)
              : attach(caller, handle, 1).map(Joined::agent);
        });
  }

  /** Attaches the agent's swarm, wherever it is attached now. */
  public Mono<Joined> attach(Client caller, Handle handle, int slots) {
    return Mono.defer(
        () -> {
          Attaching key = new Attaching(handle, slots, caller.grant(), fleetOf(caller));
          return attaching.computeIfAbsent(
              key,
              any ->
                  attached(caller, handle, slots).doFinally(end -> attaching.remove(key)).cache());
        });
  }

  private Mono<Joined> attached(Client caller, Handle handle, int slots) {
    return Mono.defer(
        () -> {
          Agent agent = begin(caller, slots);
          Json params =
              JsonObject.with("swarmId", handle.swarmId()).and("key", handle.key()).json();
          return opened(agent)
              .then(agent.call("swarm.attach", params))
              .flatMap(
                  attached -> {
                    agent.holds(Params.of(attached).list("leases", MOST_LEASES));
                    return hears(agent, handle);
                  })
              .doOnError(failed -> agent.leave(false, "it could not be attached"));
        });
  }

  private Mono<Joined> hears(Agent agent, Handle handle) {
    return agent
        .during(agent.hear(handle))
        .map(
            cursor -> {
              Place place = Place.of(agent, handle);
              bySwarm.put(place, agent);
              if (agent.isOver()) {
                bySwarm.remove(place, agent);
              }
              return new Joined(agent, cursor);
            });
  }

  /** The session of a token for calls that are not an agent's. */
  public Mono<Agent> withoutHandle(Client caller) {
    return Mono.defer(
        () -> {
          AccessGrant grant = caller.grant();
          String who = grant == null ? "" : grant.principal().name() + ' ' + grant.proof();
          String key = fleetOf(caller) + ' ' + who;
          Mono<Agent> opening =
              withoutSwarm.computeIfAbsent(
                  key,
                  any ->
                      opening(caller, key).doOnError(failed -> withoutSwarm.remove(key)).cache());
          return opening.flatMap(
              agent -> {
                if (agent.serves(caller, null)) {
                  return Mono.just(agent);
                }
                withoutSwarm.remove(key, opening);
                return withoutHandle(caller);
              });
        });
  }

  private Mono<Agent> opening(Client caller, String key) {
    return Mono.defer(
        () -> {
          Agent agent = begin(caller, 1);
          agent.onEnd(() -> withoutSwarm.remove(key));
          return agent.during(opened(agent)).thenReturn(agent);
        });
  }

  private Agent begin(Client caller, int slots) {
    if (count.incrementAndGet() > setup.most()) {
      count.decrementAndGet();
      throw CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "%d agents are on this node, which is the limit (MAX_CONNECTIONS); use another node",
          setup.most());
    }
    Agent agent = made(caller, slots);
    agent.onEnd(() -> ended(agent));
    return agent;
  }

  /** One that cannot be made keeps no place. */
  private Agent made(Client caller, int slots) {
    try {
      return new Agent(caller, slots, setup);
    } catch (RuntimeException | Error e) {
      count.decrementAndGet();
      throw e;
    }
  }

  private void ended(Agent agent) {
    count.decrementAndGet();
    Handle handle = agent.handle();
    if (handle != null) {
      bySwarm.remove(Place.of(agent, handle), agent);
    }
  }

  private String fleetOf(Client caller) {
    return setup.sessions().fleetOf(caller).name();
  }

  private Mono<Json> opened(Agent agent) {
    return agent.client().open("mcp", setup.version());
  }
}
