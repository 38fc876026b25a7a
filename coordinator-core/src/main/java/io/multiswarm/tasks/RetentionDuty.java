package io.multiswarm.tasks;

import io.multiswarm.election.LeaderDuty;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Removes ended tasks that nobody must be able to read any more. */
record RetentionDuty(NodeContext context, TaskKeys keys) implements LeaderDuty.Periodic {

  private static final int A_CALL = 100;

  @Override
  public String name() {
    return "retention of tasks";
  }

  @Override
  public Duration interval() {
    return Duration.ofSeconds(30);
  }

  @Override
  public Mono<Void> run(Leader leader) {
    return call(leader, List.of())
        .expand(ids -> ids.isEmpty() ? Mono.empty() : call(leader, ids))
        .then();
  }

  private Mono<List<String>> call(Leader leader, List<String> ids) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_FORGET)
            .key(context.keys().leadership())
            .key(context.keys().leader())
            .key(keys.ended())
            .key(keys.index())
            .key(keys.dedupe())
            .arg(leader.epoch())
            .arg(A_CALL);
    ids.forEach(id -> call.key(keys.task(id)).arg(id));
    return context
        .link()
        .run(call)
        .flatMap(reply -> Alarms.unlessFenced(reply, leader))
        .map(RetentionDuty::ids);
  }

  private static List<String> ids(ScriptReply reply) {
    ScriptReply over = reply.list(1);
    return IntStream.range(0, over.size()).mapToObj(over::string).toList();
  }
}
