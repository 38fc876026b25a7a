package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads swarms whole: record, attachment, heartbeat and load in one step. Which of many need not be
 * read it finds out from one field of each, a tenth of the work.
 */
final class SwarmReader {

  /** Swarms a call; a script of so many takes about a millisecond. */
  static final int BATCH = 100;

  /** Swarms a call of which one field is read; half a millisecond. */
  private static final int SIFTED = 500;

  private final NodeContext context;

  SwarmReader(NodeContext context) {
    this.context = context;
  }

  Mono<Swarm> get(String swarmId) {
    return versioned(swarmId).map(SwarmFields::swarm);
  }

  /** With the revision that a compare-and-set needs. */
  Mono<SwarmFields> versioned(String swarmId) {
    return fetch(List.of(swarmId))
        .map(
            read -> {
              if (read.get(0).isEmpty()) {
                throw OwnerRefusals.unknown(swarmId);
              }
              return found(swarmId, read.get(0)).orElseThrow(() -> Refusal.unreadable(swarmId));
            });
  }

  /**
   * One item an id, in their order, empty for those that are not registered or not readable; at
   * most {@link #BATCH} ids. Of large swarms, only the first ones, but one at least.
   */
  Mono<List<Optional<SwarmFields>>> some(List<String> swarmIds) {
    return fetch(swarmIds)
        .map(
            read -> {
              List<Optional<SwarmFields>> found = new ArrayList<>(read.size());
              for (int i = 0; i < read.size(); i++) {
                found.add(found(swarmIds.get(i), read.get(i)));
              }
              return found;
            });
  }

  private Mono<List<Optional<ScriptReply>>> fetch(List<String> swarmIds) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_READ)
            .key(context.keys().roster())
            .key(context.keys().heartbeats())
            .key(context.keys().load());
    swarmIds.forEach(id -> call.key(context.keys().record(id)).arg(id));
    return context.link().run(call).map(ScriptReply::lists);
  }

  private Optional<SwarmFields> found(String swarmId, Optional<ScriptReply> fields) {
    return fields.flatMap(
        one -> context.unreadable().passing("swarm", swarmId, () -> SwarmFields.from(one)));
  }

  /**
   * What swarms are sifted by.
   *
   * @param field that is read
   * @param mayFit whether a swarm of which it is this JSON may fit
   */
  private record Sieve(String field, Predicate<String> mayFit) {

    static @Nullable Sieve of(SwarmQuery query) {
      String objective = query.objective();
      if (objective != null) {
        String part = objective.toLowerCase(Locale.ROOT);
        return new Sieve("objective", text -> text.toLowerCase(Locale.ROOT).contains(part));
      }
      String word = query.capability() == null ? query.phase() : query.capability();
      return word == null ? null : new Sieve("metadata", text -> text.contains('"' + word + '"'));
    }

    /** In a JSON text with a backslash, characters may be written in other ways. */
    boolean passes(String text) {
      return text.indexOf('\\') >= 0 || mayFit.test(text);
    }
  }

  /** Those that may fit, in their order; some of them may not. */
  Mono<List<Scored>> sift(List<Scored> swarms, SwarmQuery query) {
    Sieve sieve = Sieve.of(query);
    if (sieve == null || swarms.isEmpty()) {
      return Mono.just(swarms);
    }
    List<Scored> passed = new ArrayList<>();
    return sift(0, swarms, sieve, passed)
        .expand(next -> next < swarms.size() ? sift(next, swarms, sieve, passed) : Mono.empty())
        .then(Mono.just(passed));
  }

  /** Tells where to go on: of large swarms, a call gives few. */
  private Mono<Integer> sift(int first, List<Scored> swarms, Sieve sieve, List<Scored> passed) {
    ScriptCall call = ScriptCall.of(Script.SWARM_FIELD).arg(sieve.field());
    swarms.stream()
        .skip(first)
        .limit(SIFTED)
        .forEach(swarm -> call.key(context.keys().record(swarm.member())));
    return context
        .link()
        .run(call)
        .map(ScriptReply::texts)
        .map(
            texts -> {
              for (int i = 0; i < texts.size(); i++) {
                if (sieve.passes(texts.get(i))) {
                  passed.add(swarms.get(first + i));
                }
              }
              return first + texts.size();
            });
  }
}
