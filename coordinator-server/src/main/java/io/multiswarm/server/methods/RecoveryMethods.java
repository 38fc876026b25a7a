package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.recovery.Recovery;
import io.multiswarm.recovery.RecoveryPlan;
import io.multiswarm.recovery.RecoveryPlan.Verification;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code swarm.recover}: for the holder of a swarm, and for administrators. */
final class RecoveryMethods implements MethodTable.Group {

  private final Recovery recovery;

  RecoveryMethods(Recovery recovery) {
    this.recovery = recovery;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table.method("swarm.recover", this::recover);
  }

  private Mono<Json> recover(Call call) {
    return call.acting("swarmId").flatMap(recovery::recoverSwarm).map(RecoveryMethods::result);
  }

  private static Json result(RecoveryResult result) {
    JsonObject answer =
        JsonObject.with("success", result.success())
            .and("swarmId", result.swarmId())
            .and("source", result.source())
            .and("state", result.state());
    if (result.success()) {
      answer.and("version", result.version());
    }
    return answer.and("recoveryPlan", plan(result.recoveryPlan())).json();
  }

  private static @Nullable Json plan(@Nullable RecoveryPlan plan) {
    if (plan == null) {
      return null;
    }
    Duration estimate = plan.estimatedTime();
    return JsonObject.with("resumeFrom", plan.resumeFrom())
        .and("completedTasks", (Object) plan.completedTasks())
        .and("inProgressTasks", (Object) plan.inProgressTasks())
        .and("pendingTasks", (Object) plan.pendingTasks())
        .and("progress", plan.progress())
        .and("nextActions", (Object) plan.nextActions())
        .and("estimatedTime", estimate == null ? null : estimate.toMillis())
        .and("confidence", plan.confidence())
        .and("verified", verified(plan.verified()))
        .json();
  }

  private static Json verified(Verification verified) {
    return JsonObject.with("source", verified.source())
        .and("version", verified.version())
        .and("ageMs", verified.age().toMillis())
        .and("checksum", verified.checksum())
        .and("damaged", (Object) verified.damaged())
        .and("tasksRequeued", verified.tasksRequeued())
        .and("resourcesHeld", verified.resources().held())
        .and("resourcesReturned", verified.resources().returned())
        .json();
  }
}
