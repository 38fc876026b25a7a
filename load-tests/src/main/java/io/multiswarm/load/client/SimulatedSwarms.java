package io.multiswarm.load.client;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * Many swarms, so many to a session, whose sessions take the doors in turn. They are numbered from
 * 0; their ids are unlike those of other runs.
 */
public final class SimulatedSwarms {

  /** How many setting-up requests a session has on its way; the server allows 64. */
  public static final int REQUESTS_AT_ONCE = 32;

  private static final int CONNECTS_AT_ONCE = 16;

  private final Connector connector;
  private final List<Door> doors;
  private final Size size;
  private final String prefix;
  private final IntFunction<Map<String, Object>> profile;
  private final Queue<Member> members = new ConcurrentLinkedQueue<>();
  private final Sinks.Empty<Void> broken = Sinks.empty();
  private volatile boolean dismissed;

  /** How many swarms, and how many of them share a session. */
  public record Size(int swarms, int perSession) {

    public Size {
      if (swarms < 1 || perSession < 1 || perSession > 1000) {
        throw new IllegalArgumentException(
            "A fleet has at least one swarm, and 1 to 1000 to a session, not %d and %d"
                .formatted(swarms, perSession));
      }
    }

    public int sessions() {
      return (swarms + perSession - 1) / perSession;
    }
  }

  /**
   * All of them at one server.
   *
   * @param profile what else {@code swarm.create} is told, by the number of the swarm
   */
  public SimulatedSwarms(
      Connector connector, URI url, Size size, IntFunction<Map<String, Object>> profile) {
    this(connector, List.of(new Door(url)), size, profile);
  }

  /** The same at several. */
  public SimulatedSwarms(
      Connector connector, List<Door> doors, Size size, IntFunction<Map<String, Object>> profile) {
    this.connector = connector;
    this.doors = doors;
    this.size = size;
    this.prefix = "load-%06x-".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    this.profile = profile;
  }

  /** One session and its swarms. */
  public record Member(
      int index,
      int firstSwarm,
      List<String> swarms,
      SwarmClient client,
      Flux<ServerNotification> notifications) {}

  /** The id of a swarm. */
  public String swarm(int number) {
    return prefix + number;
  }

  public Size size() {
    return size;
  }

  /** The fleet that a swarm is in; empty for its server's first. */
  public String fleet(int number) {
    return door(number / size.perSession()).fleet();
  }

  private Door door(int session) {
    return doors.get(session % doors.size());
  }

  /** The swarm itself, or another one near it, that is in the fleet of {@code other}. */
  public int inFleetOf(int other, int number) {
    String fleet = fleet(other);
    for (int doors = 0; doors < this.doors.size(); doors++) {
      int near = (number + doors * size.perSession()) % size.swarms();
      if (fleet(near).equals(fleet)) {
        return near;
      }
    }
    return other;
  }

  /**
   * Connects all sessions, registers their swarms, and calls {@code ready} for each of them.
   *
   * <p><b>Emission:</b> each member when what {@code ready} answered has completed.
   *
   * <p><b>Errors:</b> the first refusal or lost connection; what is connected by then stays so
   * until {@link #dismiss}.
   */
  public Flux<Member> assemble(Function<Member, Mono<Void>> ready) {
    return Flux.range(0, size.sessions())
        .flatMap(
            index -> enlist(index).flatMap(member -> ready.apply(member).thenReturn(member)),
            CONNECTS_AT_ONCE);
  }

  private Mono<Member> enlist(int index) {
    Door door = door(index);
    return connector
        .connect(door.url())
        .map(client -> member(index, client))
        .flatMap(
            member ->
                door.open(member.client())
                    .thenMany(Flux.range(member.firstSwarm(), member.swarms().size()))
                    .flatMap(number -> create(member.client(), number), REQUESTS_AT_ONCE)
                    .then(Mono.just(member)));
  }

  private Member member(int index, SwarmClient client) {
    int first = index * size.perSession();
    int end = Math.min(size.swarms(), first + size.perSession());
    List<String> swarms = IntStream.range(first, end).mapToObj(this::swarm).toList();
    client.closed().subscribe(null, this::lost);
    var member = new Member(index, first, swarms, client, client.notifications().onErrorComplete());
    members.add(member);
    return member;
  }

  /**
   * The same again in the same session gives the same swarm, whatever became of the call before.
   */
  private Mono<JsonNode> create(SwarmClient client, int number) {
    var params = new HashMap<>(profile.apply(number));
    params.put("id", swarm(number));
    params.putIfAbsent("objective", "carry load");
    return client.request("swarm.create", params).retryWhen(Fault.whileUnknown(client.scheduler()));
  }

  /**
   * Only the first loss is told; those after it follow from it. Losses are what we want once we say
   * goodbye.
   */
  private void lost(Throwable reason) {
    if (!dismissed) {
      broken.tryEmitError(reason);
    }
  }

  /** Never emits; fails when a connection is lost before {@link #dismiss}. */
  public Mono<Void> broken() {
    return broken.asMono();
  }

  /** Deregisters the swarms and closes the connections, as far as they are still there. */
  public Mono<Void> dismiss() {
    return Flux.fromIterable(members)
        .doOnSubscribe(any -> dismissed = true)
        .flatMap(this::dismiss, CONNECTS_AT_ONCE)
        .then();
  }

  private Mono<Void> dismiss(Member member) {
    return Flux.fromIterable(member.swarms())
        .flatMap(
            swarm ->
                member
                    .client()
                    .request("swarm.deregister", Map.of("swarmId", swarm))
                    .onErrorComplete(),
            REQUESTS_AT_ONCE)
        .then(member.client().close().onErrorComplete());
  }
}
