package io.multiswarm.internal.recovery;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.registry.RegistryKeys;
import io.multiswarm.recovery.RecoveryPlan;
import io.multiswarm.recovery.RecoveryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Who was recovered, in Redis: counts, events, and the mark of each interruption. */
record RecoveryLog(NodeContext context) {

  private static final String EVENTS = "swarm:events";
  private static final String REQUEST = "recovery";

  /** What is to be done about a swarm. */
  enum Due {
    RECOVER,
    FAIL,
    NOTHING;

    private static Due of(String word) {
      return switch (word) {
        case "recover" -> RECOVER;
        case "fail" -> FAIL;
        default -> NOTHING;
      };
    }
  }

  /** A swarm that was asked about. */
  @ReplyOf(Script.RECOVERY_DUE)
  record Candidate(String swarmId, long incarnation, Due due) {

    static List<Candidate> from(List<String> swarmIds, ScriptReply reply) {
      List<Candidate> candidates = new ArrayList<>(swarmIds.size());
      for (int i = 0; i < swarmIds.size(); i++) {
        candidates.add(
            new Candidate(swarmIds.get(i), reply.number(2 * i), Due.of(reply.string(2 * i + 1))));
      }
      return candidates;
    }
  }

  /**
   * In whose name a recovery is recorded.
   *
   * @param incarnation of the holder, 0 of an administrator; with a term, of the interruption
   * @param term in which the swarm is recovered by itself; null by hand
   */
  record Proof(long incarnation, @Nullable UpkeepTerm term) {}

  /**
   * @param patience after which a swarm without any source is given up
   */
  Mono<List<Candidate>> due(List<String> swarmIds, Duration patience) {
    ScriptCall call = ScriptCall.of(Script.RECOVERY_DUE).key(context.keys().roster()).arg(patience);
    swarmIds.forEach(id -> call.key(mark(id)).arg(id));
    return context.link().run(call).map(reply -> Candidate.from(swarmIds, reply));
  }

  /**
   * Counts and announces a result. False when an automatic recovery came too late: the interruption
   * is over, or was recorded before.
   *
   * @param damaged sources that were passed over
   */
  Mono<Boolean> record(RecoveryResult result, Proof proof, List<String> damaged) {
    return Mono.defer(
        () -> {
          Keys keys = context.keys();
          ScriptCall call =
              context
                  .appending(Script.RECOVERY_RECORD)
                  .key(keys.roster())
                  .key(mark(result.swarmId()))
                  .key(keys.stateStatistics())
                  .key(keys.upkeep())
                  .keys(keys.history(EVENTS))
                  .arg(result.swarmId())
                  .arg(proof.incarnation())
                  .arg(proof.term() == null ? "" : Long.toString(proof.term().token()))
                  .arg(result.success() ? 1 : 0)
                  .arg(damaged.size())
                  .arg(event(result, proof, damaged).bytes())
                  .arg(context.options().swarmTtl())
                  .arg(Ids.unique(REQUEST));
          return context.link().run(call).map(reply -> recorded(reply.status(), result.swarmId()));
        });
  }

  /**
   * The swarm has failed, if nobody attached it since the interruption and its patience is over.
   * Else nothing happens.
   */
  Mono<Void> giveUp(Candidate one, UpkeepTerm term, Duration patience) {
    RegistryKeys keys = new RegistryKeys(context.keys());
    ScriptCall call =
        context
            .appending(Script.RECOVERY_GIVE_UP)
            .keys(keys.common())
            .key(context.keys().upkeep())
            .key(mark(one.swarmId()))
            .keys(keys.swarm(one.swarmId()))
            .arg(one.swarmId())
            .arg(one.incarnation())
            .arg(term.token())
            .arg(patience)
            .arg(context.options().swarmTtl());
    return context.link().run(call).flatMap(term::unlessFenced).then();
  }

  private static boolean recorded(String status, String swarmId) {
    return switch (status) {
      case "OK" -> true;
      case "SKIPPED" -> false;
      default ->
          throw CoordinationException.of(
              ErrorCode.valueOf(status),
              "swarm: %s, its recovery was not recorded: whoever asked for it is not entitled any"
                  + " more, or the swarm is gone",
              swarmId);
    };
  }

  private static Json event(RecoveryResult result, Proof proof, List<String> damaged) {
    Map<String, Json> data = new LinkedHashMap<>();
    data.put("swarmId", Json.of(result.swarmId()));
    data.put("success", Json.of(result.success()));
    data.put("automatic", Json.of(proof.term() != null));
    data.put("source", Json.of(result.source()));
    data.put("version", Json.of(result.version()));
    data.put("damaged", Json.of(damaged));
    RecoveryPlan plan = result.recoveryPlan();
    if (plan != null) {
      data.put("confidence", Json.of(plan.confidence()));
      data.put("tasksRequeued", Json.of(plan.verified().tasksRequeued()));
    }
    return Json.object(data);
  }

  /** Hash: what {@code recovery_due} says; its TTL is the swarm's. */
  private String mark(String swarmId) {
    return context.keys().sys("recovery", swarmId);
  }
}
