package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ScriptReply;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * A walk over all holders, a page a call: each call deals with the swarms that the one before has
 * found, whose keys it can name, and finds those of the next page.
 */
final class Pages {

  private static final String BEGIN = "0";
  private static final String NO_MORE = "";

  /** The swarms of a page. */
  interface Swarms {
    void forEach(Consumer<String> action);
  }

  private Pages() {}

  /**
   * @param call takes a cursor and the swarms to deal with; answers with a status, the next cursor,
   *     {@code 0} after the last page, and the swarms that were found; fails when it is fenced
   */
  static Mono<Void> of(BiFunction<String, Swarms, Mono<ScriptReply>> call) {
    return call.apply(BEGIN, List.<String>of()::forEach).expand(reply -> next(reply, call)).then();
  }

  private static Mono<ScriptReply> next(
      ScriptReply reply, BiFunction<String, Swarms, Mono<ScriptReply>> call) {
    List<String> found = reply.strings(2);
    boolean last = reply.string(1).equals(BEGIN);
    return last && found.isEmpty()
        ? Mono.empty()
        : call.apply(last ? NO_MORE : reply.string(1), found::forEach);
  }
}
