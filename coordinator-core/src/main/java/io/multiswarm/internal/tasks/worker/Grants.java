package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.Batches;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.TaskWorkers;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Sends grants of credit, those that wait together in one call. */
final class Grants {

  private static final long ADMINISTRATOR = 0;

  private final NodeContext context;
  private final TaskKeys keys;
  private final NaturalBatcher<Grant, Integer> batcher;

  private record Grant(Ownership owner, long total, String id) {
    boolean isAddition() {
      return owner.incarnation() == ADMINISTRATOR;
    }
  }

  Grants(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.batcher =
        new NaturalBatcher<>("task.request", Batches.LIMITS, grant -> 128, this::grantAll);
  }

  /**
   * Grants credit, and tells what is unused.
   *
   * @param total since the swarm was attached; for an administrator, what is to be added
   */
  Mono<Integer> grant(Ownership owner, long total) {
    return Mono.fromSupplier(() -> new Grant(owner, total, Ids.unique("grant")))
        .flatMap(batcher::submit);
  }

  private Mono<List<Outcome<Integer>>> grantAll(List<Grant> grants) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_REQUEST)
            .key(context.keys().roster())
            .key(context.keys().credit())
            .key(context.keys().signals())
            .arg(TaskWorkers.MAX_CREDIT);
    grants.stream().filter(Grant::isAddition).forEach(one -> call.key(keys.grantMemo(one.id())));
    for (Grant grant : grants) {
      call.arg(grant.owner().swarmId()).arg(grant.owner().incarnation()).arg(grant.total());
    }
    return context.link().run(call).map(reply -> outcomes(Answer.from(reply), grants));
  }

  /**
   * To a grant.
   *
   * @param unused credit
   */
  @ReplyOf(Script.TASK_REQUEST)
  private record Answer(String word, int unused) {

    static List<Answer> from(ScriptReply reply) {
      List<Answer> answers = new ArrayList<>(reply.size() / 2);
      for (int i = 0; i + 1 < reply.size(); i += 2) {
        answers.add(new Answer(reply.string(i), (int) reply.number(i + 1)));
      }
      return answers;
    }
  }

  private static List<Outcome<Integer>> outcomes(List<Answer> answers, List<Grant> grants) {
    List<Outcome<Integer>> outcomes = new ArrayList<>(grants.size());
    for (int i = 0; i < grants.size(); i++) {
      Answer answer = answers.get(i);
      String swarm = grants.get(i).owner().swarmId();
      outcomes.add(
          answer.word().equals("OK")
              ? Outcome.of(answer.unused())
              : Outcome.refused(TaskRefusals.ofCredit(answer.word(), swarm)));
    }
    return outcomes;
  }
}
