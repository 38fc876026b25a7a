package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
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
        .map(Told::from)
        .flatMap(
            swarms -> {
              int told = swarms.size();
              List<Member> members = decode(ids, swarms);
              return told == ids.size()
                  ? Mono.just(members)
                  : page(ids.subList(told, ids.size())).map(rest -> joined(members, rest));
            });
  }

  private static List<Member> joined(List<Member> some, List<Member> others) {
    some.addAll(others);
    return some;
  }

  private List<Member> decode(List<String> ids, List<Told> swarms) {
    List<Member> members = new ArrayList<>(swarms.size());
    for (int i = 0; i < swarms.size(); i++) {
      String id = ids.get(i);
      Told told = swarms.get(i);
      if (told.incarnation() > 0) {
        context.unreadable().passing("swarm", id, () -> told.as(id)).ifPresent(members::add);
      }
    }
    return members;
  }

  /**
   * A swarm as Redis has it, not looked at yet: what somebody else wrote may be unreadable.
   *
   * @param incarnation 0 when it is not attached
   */
  @ReplyOf(Script.TASK_MEMBERS)
  private record Told(
      long incarnation, Json metadata, String credit, String load, boolean isPaused) {

    private static final int FIELDS = 5;

    static List<Told> from(ScriptReply reply) {
      List<Told> swarms = new ArrayList<>(reply.size() / FIELDS);
      for (int i = 0; i + FIELDS <= reply.size(); i += FIELDS) {
        swarms.add(
            new Told(
                reply.number(i),
                Json.trusted(reply.bytes(i + 1)),
                reply.string(i + 2),
                reply.string(i + 3),
                reply.number(i + 4) == 1));
      }
      return swarms;
    }

    Member as(String id) {
      SwarmMetadata known = SwarmMetadata.stored(metadata);
      return new Member(
          id,
          known.priority(),
          Set.copyOf(known.capabilities()),
          Credit.of(incarnation, credit),
          Integer.parseInt(load),
          isPaused);
    }
  }
}
