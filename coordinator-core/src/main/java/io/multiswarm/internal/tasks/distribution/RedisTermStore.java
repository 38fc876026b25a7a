package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.tasks.distribution.Assigner.Outcome;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Lane;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** {@link TermStore} in Redis, fenced by the leader's epoch. */
record RedisTermStore(Leader leader, Assigner assigner) implements TermStore {

  @Override
  public Mono<String> strategy() {
    return reads().getText(keys().strategy());
  }

  @Override
  public Mono<Boolean> isPaused() {
    return reads().isMember(context().keys().paused(), TaskKeys.WHOLE_FLEET);
  }

  @Override
  public Mono<Map<String, String>> cursors() {
    return reads().textHash(keys().cursors());
  }

  @Override
  public Mono<Set<String>> lanes() {
    // By pages: anybody can make as many lanes as there are tasks. One that comes while they are
    // read
    // is told by a signal.
    return reads().fields(keys().lanes()).filter(this::isLane).collect(Collectors.toSet());
  }

  private boolean isLane(String name) {
    return context().unreadable().passing("lane", name, () -> Lane.parse(name)).isPresent();
  }

  @Override
  public Mono<List<String>> places(String lane, int most) {
    return reads().lexical(keys().pending(), lane + '|', lane + '}', most);
  }

  @Override
  public Mono<Outcome> assign(Plan plan) {
    return assigner.assign(leader, plan);
  }

  @Override
  public Mono<Void> tellUnroutable(long waiting, List<String> events) {
    ScriptCall call =
        context()
            .appending(Script.TASK_UNROUTABLE)
            .keys(keys().common())
            .arg(leader.epoch())
            .arg(leader.swarmId())
            .arg(waiting);
    events.forEach(call::arg);
    return context()
        .link()
        .run(call)
        .flatMap(reply -> TaskRefusals.unlessFenced(reply, leader))
        .then();
  }

  private NodeContext context() {
    return assigner.context();
  }

  private TaskKeys keys() {
    return assigner.keys();
  }

  private RedisReads reads() {
    return context().link().reads();
  }
}
