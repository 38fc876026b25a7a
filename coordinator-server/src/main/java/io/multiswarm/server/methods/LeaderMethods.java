package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.election.Election;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.election.Leadership;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import reactor.core.publisher.Mono;

/** {@code leader.get}: who leads according to Redis. */
final class LeaderMethods implements MethodTable.Group {

  private static final Json NOBODY = JsonObject.with("swarmId", null).json();

  private final Election election;

  LeaderMethods(Election election) {
    this.election = election;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table.method("leader.get", this::get);
  }

  private Mono<Json> get(Call call) {
    return election.leader().map(LeaderMethods::full).defaultIfEmpty(NOBODY);
  }

  private static Json full(LeaderInfo leader) {
    return JsonObject.with("swarmId", leader.swarmId())
        .and("epoch", leader.epoch())
        .and("node", leader.node())
        .and("leaseMs", leader.lease().toMillis())
        .json();
  }

  /**
   * {@code {swarmId, epoch}} as this node knows it; Redis is asked when it knows of no leader, as
   * after its start. Null when there is none, or when that cannot be told: whoever asks has done
   * something else, which an error here must not hide.
   */
  static Mono<Json> brief(Election election) {
    return Mono.defer(
        () -> {
          Leadership known = election.current();
          if (known instanceof Leadership.Leader leader) {
            return Mono.just(brief(leader.swarmId(), leader.epoch()));
          }
          if (known instanceof Leadership.Follower follower) {
            return Mono.just(brief(follower.swarmId(), follower.epoch()));
          }
          return election
              .leader()
              .map(found -> brief(found.swarmId(), found.epoch()))
              .onErrorComplete()
              .defaultIfEmpty(Json.NULL);
        });
  }

  private static Json brief(String swarmId, long epoch) {
    return JsonObject.with("swarmId", swarmId).and("epoch", epoch).json();
  }
}
