package io.multiswarm.tasks;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.tasks.Member.Credit;
import io.multiswarm.tasks.Planner.Item;
import io.multiswarm.tasks.Planner.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Carries out a plan by the fenced script. */
record Assigner(NodeContext context, TaskKeys keys) {

  /** What the script said of a swarm; not attached when its incarnation is 0. */
  record State(String swarmId, Credit credit, int load) {
    boolean isAttached() {
      return credit.incarnation() > 0;
    }
  }

  /**
   * @param rejected places whose swarm could not take them; they are still pending
   * @param states of all swarms of the plan
   */
  record Outcome(List<String> rejected, List<State> states) {}

  /** {@code FENCED} when the leadership is over. */
  Mono<Outcome> assign(Leader leader, Plan plan) {
    Map<String, Integer> swarms = new LinkedHashMap<>();
    plan.items().forEach(item -> swarms.putIfAbsent(item.swarmId(), swarms.size() + 1));
    return context
        .link()
        .run(call(leader, plan, swarms))
        .flatMap(
            reply ->
                reply.isOk()
                    ? Mono.just(outcome(plan, List.copyOf(swarms.keySet()), reply))
                    : Mono.error(Refusals.leadershipOver(leader.epoch())));
  }

  private ScriptCall call(Leader leader, Plan plan, Map<String, Integer> swarms) {
    ScriptCall call =
        context
            .appending(Script.TASK_ASSIGN)
            .keys(keys.common())
            .key(context.keys().credit())
            .key(keys.holders())
            .key(keys.cursors())
            .arg(leader.epoch())
            .arg(leader.swarmId())
            .arg(keys.nodeSignalPrefix())
            .arg(swarms.size());
    for (String swarm : swarms.keySet()) {
      call.key(keys.assigned(swarm)).keys(keys.channelOf(swarm)).arg(swarm);
    }
    call.arg(plan.cursors().size());
    plan.cursors().forEach((ring, swarm) -> call.arg(ring).arg(swarm));
    for (Item item : plan.items()) {
      String task = item.taskId();
      call.key(keys.task(task))
          .arg(swarms.getOrDefault(item.swarmId(), 0))
          .arg(task)
          .arg(item.place())
          .arg(item.strategy());
    }
    return call;
  }

  private static Outcome outcome(Plan plan, List<String> swarms, ScriptReply reply) {
    ScriptReply verdicts = reply.list(1);
    List<String> rejected = new ArrayList<>();
    for (int i = 0; i < plan.items().size(); i++) {
      if (verdicts.number(i) < 0) {
        rejected.add(plan.items().get(i).place());
      }
    }
    ScriptReply told = reply.list(2);
    List<State> states = new ArrayList<>(swarms.size());
    for (int i = 0; i < swarms.size(); i++) {
      Credit credit =
          new Credit(told.number(4 * i), told.number(4 * i + 1), told.number(4 * i + 2));
      states.add(new State(swarms.get(i), credit, (int) told.number(4 * i + 3)));
    }
    return new Outcome(rejected, states);
  }
}
