package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The swarms that a session holds, the ones it is about to, and the ones it lost.
 *
 * <p>A client may send {@code swarm.create} and, without waiting, calls for that swarm: these wait
 * for the create and then begin in their order.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
public final class HeldSwarms {

  /** One swarm: who acts for it, and who waits for an attempt to take it. */
  private static final class Place {
    @Nullable Ownership ownership;
    boolean taking;
    List<MonoSink<Void>> waiting = new ArrayList<>(0);
    boolean leaving;

    /** Tells the client of a loss that came while an attempt was under way. */
    @Nullable Runnable loss;
  }

  private final Session session;
  private final Map<String, Place> places = new HashMap<>();

  /** Of one that is not remembered any more the session is a stranger. */
  private final Map<String, Ownership> lost = new Latest<>();

  private int unnamed;

  HeldSwarms(Session session) {
    this.session = session;
  }

  private SwarmCustody custody() {
    return session.fleet().custody();
  }

  private Holders holders() {
    return session.fleet().holders();
  }

  /**
   * Makes this session the holder of what {@code taking} creates or attaches. Calls for the swarm
   * wait until that has ended, and other attempts to take it do so in their turn among these calls:
   * a deregistration between two creations of one id stays between them. The result comes on the
   * connection's thread.
   *
   * @param swarmId null when it is not known before
   */
  public <T> Mono<T> take(
      @Nullable String swarmId, Mono<T> taking, Function<T, Ownership> ownership) {
    return Mono.defer(
        () -> {
          Place place = swarmId == null ? null : places.get(swarmId);
          if (place != null && place.taking) {
            return after(place).then(take(swarmId, taking, ownership));
          }
          begin(swarmId);
          return taking
              .publishOn(session.loop())
              .doOnNext(taken -> hold(ownership.apply(taken)))
              .doOnTerminate(() -> ended(swarmId));
        });
  }

  private void begin(@Nullable String swarmId) {
    boolean known = swarmId != null && places.containsKey(swarmId);
    if (!known && places.size() + unnamed >= session.limits().maxSwarms()) {
      throw CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "this session holds %d swarms, which is the limit; open another session",
          session.limits().maxSwarms());
    }
    if (swarmId == null) {
      unnamed++;
    } else {
      places.computeIfAbsent(swarmId, any -> new Place()).taking = true;
    }
  }

  private void hold(Ownership ownership) {
    if (session.isEnded()) {
      // The client left meanwhile: as if it had left right after.
      custody().letGo(List.of(ownership), false).subscribe(null, error -> {});
      return;
    }
    Place place = places.computeIfAbsent(ownership.swarmId(), any -> new Place());
    if (place.ownership != null) {
      holders().holdsNoMore(place.ownership);
    }
    place.ownership = ownership;
    place.leaving = false;
    place.loss = null; // it was lost to this session itself, or has come back
    lost.remove(ownership.swarmId());
    holders().holds(session, ownership);
    if (!isAllowed(ownership.swarmId())) {
      forbid(ownership);
    }
  }

  /** Whether the token allows to act for that swarm. */
  private boolean isAllowed(String swarmId) {
    Principal who = session.principal();
    return who.may(Scope.ADMIN) || who.may(Scope.SWARM) && who.swarms().matches(swarmId);
  }

  /** Lets go of the swarms that the session's token does not allow any more. */
  void letGoOfForbidden() {
    all().stream().filter(held -> !isAllowed(held.swarmId())).forEach(this::forbid);
  }

  private void forbid(Ownership ownership) {
    custody().letGo(List.of(ownership), false).subscribe(null, error -> {});
    Place place = places.get(ownership.swarmId());
    if (place != null) {
      place.loss = null;
    }
    lose(
        ownership,
        () -> holders().tellOfLoss(session, ownership, "the token does not allow it any more"));
  }

  private void ended(@Nullable String swarmId) {
    if (swarmId == null) {
      unnamed--;
      return;
    }
    Place place = places.get(swarmId);
    if (place == null) {
      return;
    }
    place.taking = false;
    if (place.loss != null && place.ownership != null) {
      lose(place.ownership, place.loss);
    }
    if (place.ownership == null) {
      places.remove(swarmId);
    }
    List<MonoSink<Void>> waiting = place.waiting;
    place.waiting = new ArrayList<>(0);
    waiting.forEach(sink -> sink.success());
  }

  /** See {@link Call#acting}. */
  Mono<Ownership> acting(String swarmId) {
    Place place = places.get(swarmId);
    if (place == null) {
      return stranger(swarmId);
    }
    return place.taking
        ? after(place).then(Mono.defer(() -> acting(swarmId)))
        : Mono.justOrEmpty(place.ownership);
  }

  /** Completes in its turn when the attempt that is under way has ended. */
  private static Mono<Void> after(Place place) {
    return Mono.create(place.waiting::add);
  }

  private Mono<Ownership> stranger(String swarmId) {
    if (session.principal().isAdministrator()) {
      return Mono.just(Ownership.administrator(swarmId));
    }
    if (lost.containsKey(swarmId)) {
      return Mono.error(
          CoordinationException.of(
              ErrorCode.FENCED,
              "swarm: %s is not this session's any more; attach it again to act for it",
              swarmId));
    }
    return custody()
        .requireRegistered(swarmId)
        .then(
            Mono.error(
                CoordinationException.of(
                    ErrorCode.PERMISSION_DENIED,
                    "swarm: %s is not held by this session; attach it with its key first",
                    swarmId)));
  }

  /**
   * Ends holding a swarm that this session itself removes, so that it is not told of the loss.
   * Errors leave it as it was.
   */
  public <T> Mono<T> leave(Ownership ownership, Mono<T> leaving) {
    Place place = places.get(ownership.swarmId());
    if (place == null || !ownership.equals(place.ownership)) {
      return leaving;
    }
    place.leaving = true;
    return leaving
        .publishOn(session.loop())
        .doOnError(error -> place.leaving = false)
        .doOnSuccess(done -> drop(ownership));
  }

  private void drop(Ownership ownership) {
    Place place = places.get(ownership.swarmId());
    if (place == null || !ownership.equals(place.ownership)) {
      return;
    }
    place.ownership = null;
    place.loss = null;
    if (!place.taking) {
      places.remove(ownership.swarmId());
    }
    holders().holdsNoMore(ownership);
  }

  /**
   * Ends holding a swarm that is held elsewhere or not at all now; {@code tell} is run when the
   * client is to know. A loss while this session attaches the swarm is mostly the effect of that,
   * and then no loss to the client: it is told when the attempt has failed.
   */
  void lost(Ownership ownership, Runnable tell) {
    Place place = places.get(ownership.swarmId());
    if (place == null || place.leaving || !ownership.equals(place.ownership)) {
      return;
    }
    if (place.taking) {
      place.loss = tell;
    } else {
      lose(ownership, tell);
    }
  }

  private void lose(Ownership ownership, Runnable tell) {
    drop(ownership);
    lost.put(ownership.swarmId(), ownership);
    tell.run();
  }

  /** Whether the session held it, and lost it. */
  public boolean hasLost(String swarmId) {
    return lost.containsKey(swarmId);
  }

  public boolean holds(String swarmId) {
    Place place = places.get(swarmId);
    return place != null && place.ownership != null;
  }

  private Collection<Ownership> all() {
    return places.values().stream().flatMap(place -> Stream.ofNullable(place.ownership)).toList();
  }

  void end(boolean goodbye) {
    Collection<Ownership> held = all();
    held.forEach(holders()::holdsNoMore);
    if (!held.isEmpty()) {
      // An error is Redis's absence. Then the node's lease runs out, or the node finds out when it
      // compares what it holds with the roster.
      custody().letGo(held, goodbye).subscribe(null, error -> {});
    }
  }
}
