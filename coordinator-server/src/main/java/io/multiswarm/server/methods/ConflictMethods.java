package io.multiswarm.server.methods;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Priority;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.conflict.VoteRequest;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.Holders;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Session;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** {@code conflict.*}: who of two swarms wins, and the votes on it. */
final class ConflictMethods implements MethodTable.Group {

  private static final long LONGEST_VOTE = Conflict.Vote.LONGEST.toMillis();
  private static final int MOST_VOTES = 1_000_000;
  private static final int MOST_VOTERS = 1_000;
  private static final long LATEST = (1L << 53) - 1;

  private final Conflicts conflicts;

  ConflictMethods(Conflicts conflicts) {
    this.conflicts = conflicts;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table.method("conflict.resolve", this::resolve).method("conflict.vote", this::vote);
  }

  /** Tells the sessions of this node that their swarms are asked to vote, until disposed. */
  static Disposable askVoters(Conflicts conflicts, Holders holders) {
    return conflicts
        .voteRequests()
        .subscribe(
            request -> {
              Session session = holders.of(request.swarmId());
              if (session != null) {
                session.sendLatest(
                    request, Notification.CONFLICT_VOTE_REQUESTED, () -> requested(request));
              }
            });
  }

  private static Json requested(VoteRequest request) {
    return JsonObject.with("conflictId", request.conflictId())
        .and("type", request.type())
        .and("swarmA", request.swarmA())
        .and("swarmB", request.swarmB())
        .and("timeoutMs", request.timeout().toMillis())
        .and("swarmId", request.swarmId())
        .json();
  }

  /** A vote goes on when the session that asked for it ends. */
  private Mono<Json> resolve(Call call) {
    Params params = call.params();
    String id = params.optionalString("conflictId");
    String strategy = params.optionalString("strategy");
    Conflict conflict =
        new Conflict(
            id == null ? Ids.unique("conflict") : id,
            params.words("type"),
            contestant(params, "swarmA"),
            contestant(params, "swarmB"),
            strategy == null ? null : ConflictStrategy.parse(strategy),
            vote(params));
    return call.whileOpen(conflicts.resolve(conflict).map(ConflictMethods::resolved));
  }

  private static Conflict.Vote vote(Params params) {
    @Nullable Duration timeout =
        params.has("timeoutMs")
            ? Duration.ofMillis(params.integer("timeoutMs", 1, LONGEST_VOTE))
            : null;
    int quorum = (int) params.integer("quorum", 0, 1, MOST_VOTES);
    return new Conflict.Vote(timeout, quorum, params.strings("electorate", MOST_VOTERS));
  }

  /** An id, or an object with an id. */
  private static Contestant contestant(Params params, String name) {
    Json given = params.json(name);
    if (given.isString()) {
      return Contestant.registered(Ids.checkSwarm(name, params.string(name)));
    }
    if (!given.isObject()) {
      throw params.refused(name, "must be a swarm's id, or an object with an id");
    }
    Params swarm = params.params(name);
    String id = Ids.checkSwarm(name + ".id", swarm.string("id"));
    Params metadata = swarm.optionalParams("metadata");
    String priority = metadata == null ? null : metadata.optionalString("priority");
    @Nullable Long createdAt =
        swarm.has("createdAt") ? Long.valueOf(swarm.integer("createdAt", 0, LATEST)) : null;
    return Contestant.described(
        id, Priority.parse(name + ".metadata.priority", priority), createdAt);
  }

  private static Json resolved(Resolution resolution) {
    return JsonObject.with("conflictId", resolution.conflictId())
        .and("winner", resolution.winner())
        .and("loser", resolution.loser())
        .and("strategy", resolution.strategy().word())
        .and("reason", resolution.reason())
        .andPresent("votes", resolution.votes().isEmpty() ? null : resolution.votes())
        .json();
  }

  private Mono<Json> vote(Call call) {
    String conflictId = call.params().words("conflictId");
    String choice = call.params().words("choice");
    return call.acting("swarmId")
        .flatMap(voter -> conflicts.vote(voter, conflictId, choice))
        .then(Mono.empty());
  }
}
