package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.registry.SwarmMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@link FleetReader} from the roster and the records of the registry. */
public record RedisFleetReader(NodeContext context) implements FleetReader {

  private static final int A_CALL = 100;

  /** Of the script's result, a swarm. */
  private static final int FIELDS = 5;

  private static final int CALLS_AT_ONCE = 2;

  @Override
  public Mono<List<Member>> members() {
    return context
        .link()
        .reads()
        .textHash(context.keys().roster())
        .map(
            roster ->
                roster.entrySet().stream()
                    .filter(entry -> !entry.getValue().endsWith(":"))
                    .map(java.util.Map.Entry::getKey)
                    .toList())
        .flatMap(this::members);
  }

  @Override
  public Mono<List<Member>> members(Collection<String> swarmIds) {
    return Flux.fromIterable(swarmIds)
        .buffer(A_CALL)
        .flatMap(this::page, CALLS_AT_ONCE)
        .flatMapIterable(page -> page)
        .collectList();
  }

  /**
   * All that are attached, a page at a time, each when the one before was taken. One that comes or
   * goes meanwhile may be there or not; one may come twice.
   */
  Flux<Member> each() {
    return context
        .link()
        .reads()
        .fields(context.keys().roster())
        .buffer(A_CALL)
        .concatMap(this::page, 1)
        .concatMapIterable(page -> page, 1);
  }

  private Mono<List<Member>> page(List<String> ids) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_MEMBERS)
            .key(context.keys().roster())
            .key(context.keys().credit())
            .key(context.keys().load());
    ids.forEach(id -> call.key(context.keys().record(id)).arg(id));
    return context
        .link()
        .run(call)
        .flatMap(
            reply -> {
              int told = reply.size() / FIELDS;
              List<Member> members = decode(ids.subList(0, told), reply);
              return told == ids.size()
                  ? Mono.just(members)
                  : page(ids.subList(told, ids.size())).map(rest -> joined(members, rest));
            });
  }

  private static List<Member> joined(List<Member> some, List<Member> others) {
    some.addAll(others);
    return some;
  }

  private List<Member> decode(List<String> ids, ScriptReply reply) {
    List<Member> members = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      int at = FIELDS * i;
      String id = ids.get(i);
      if (reply.number(at) > 0) {
        context
            .unreadable()
            .passing("swarm " + id, () -> member(id, reply, at))
            .ifPresent(members::add);
      }
    }
    return members;
  }

  private static Member member(String id, ScriptReply reply, int at) {
    SwarmMetadata metadata = SwarmMetadata.stored(Json.trusted(reply.bytes(at + 1)));
    return new Member(
        id,
        metadata.priority(),
        Set.copyOf(metadata.capabilities()),
        Credit.of(reply.number(at), reply.string(at + 2)),
        (int) reply.number(at + 3),
        reply.number(at + 4) == 1);
  }
}
