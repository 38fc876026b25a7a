package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Item;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import io.multiswarm.internal.tasks.distribution.LargeAssignments.News;
import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Carries out a plan by the fenced script. */
public record Assigner(NodeContext context, TaskKeys keys, LargeAssignments large, Waits waits) {

  private static final String PAUSED = "PAUSED";

  /** What the script said of a swarm; it may take nothing when its incarnation is 0. */
  record State(String swarmId, Credit credit, int load) {
    boolean isOpen() {
      return credit.incarnation() > 0;
    }
  }

  /**
   * @param rejected places whose swarm could not take them; they are still pending
   * @param states of all swarms of the plan
   */
  public record Outcome(List<String> rejected, List<State> states) {}

  /** Empty when the fleet is paused; {@code FENCED} when the leadership is over. */
  public Mono<Outcome> assign(Leader leader, Plan plan) {
    Set<String> swarms = new LinkedHashSet<>();
    plan.items().forEach(item -> swarms.add(item.swarmId()));
    return context
        .link()
        .run(call(leader, plan, swarms))
        .flatMap(
            reply ->
                reply.status().equals(PAUSED)
                    ? Mono.empty()
                    : TaskRefusals.unlessFenced(reply, leader))
        .map(Assigned::from)
        .doOnNext(assigned -> large.tell(news(leader, plan, assigned)))
        .doOnNext(assigned -> waits.tell(assigned.waits(), assigned.at()))
        .map(assigned -> outcome(plan, swarms, assigned));
  }

  /**
   * What became of a plan.
   *
   * @param pending which of its items are still pending
   * @param states of its swarms, a word each
   * @param large a text for each assignment of a large task
   * @param at the ms of all of them
   * @param waits how long the tasks had waited
   */
  @ReplyOf(Script.TASK_ASSIGN)
  private record Assigned(
      List<Integer> pending, String states, List<String> large, long at, String waits) {

    static Assigned from(ScriptReply reply) {
      ScriptReply numbers = reply.list(1);
      List<Integer> pending = new ArrayList<>(numbers.size());
      for (int i = 0; i < numbers.size(); i++) {
        pending.add((int) numbers.number(i) - 1);
      }
      return new Assigned(
          pending, reply.string(2), reply.strings(3), reply.number(4), reply.string(5));
    }
  }

  private static List<News> news(Leader leader, Plan plan, Assigned assigned) {
    List<News> news = new ArrayList<>();
    for (String told : assigned.large()) {
      String[] words = told.split(" ");
      Item item = plan.items().get(Integer.parseInt(words[0]) - 1);
      news.add(
          new News(
              item.swarmId(),
              item.taskId(),
              leader.swarmId(),
              Long.toString(assigned.at()),
              ",\"attempt\":%s,\"leaseMs\":%s,\"assignedBy\":\"%s\",\"epoch\":%d,\"strategy\":\"%s\",\"swarmId\":\"%s\""
                  .formatted(
                      words[1],
                      words[2],
                      leader.swarmId(),
                      leader.epoch(),
                      item.strategy(),
                      item.swarmId())));
    }
    return news;
  }

  private ScriptCall call(Leader leader, Plan plan, Set<String> swarms) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_ASSIGN)
            .keys(keys.common())
            .key(context.keys().credit())
            .key(keys.cursors())
            .key(context.keys().paused())
            .arg(leader.epoch())
            .arg(leader.swarmId())
            .arg(keys.nodeSignalPrefix())
            .arg(keys.swarmChannelPrefix())
            .arg(swarms.size())
            .arg(plan.cursors().size())
            .arg(Rankings.MOST_CURSORS);
    swarms.forEach(call::arg);
    plan.cursors().forEach((ring, swarm) -> call.arg(ring).arg(swarm));
    for (Item item : plan.items()) {
      call.arg(item.swarmId()).arg(item.strategy()).arg(item.place());
    }
    return call;
  }

  private static Outcome outcome(Plan plan, Set<String> swarms, Assigned assigned) {
    List<String> rejected = new ArrayList<>(assigned.pending().size());
    for (int index : assigned.pending()) {
      rejected.add(plan.items().get(index).place());
    }
    String[] told = assigned.states().split(" ");
    List<State> states = new ArrayList<>(swarms.size());
    for (String swarm : swarms) {
      String state = told[states.size()];
      int colon = state.lastIndexOf(':');
      states.add(
          new State(
              swarm,
              Credit.parse(state.substring(0, colon)),
              Integer.parseInt(state, colon + 1, state.length(), 10)));
    }
    return new Outcome(rejected, states);
  }
}
