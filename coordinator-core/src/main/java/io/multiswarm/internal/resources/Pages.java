package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
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

  /**
   * What a call answers.
   *
   * @param next cursor, {@code 0} after the last page
   * @param found the swarms to deal with in the next call
   */
  @ReplyOf({Script.RESOURCE_SWEEP, Script.RESOURCE_IDLE})
  private record Page(String next, List<String> found) {

    static Page from(ScriptReply reply) {
      return new Page(reply.string(1), reply.strings(2));
    }
  }

  /** The swarms of a page. */
  interface Swarms {
    void forEach(Consumer<String> action);
  }

  private Pages() {}

  /**
   * @param call takes a cursor and the swarms to deal with; fails when it is fenced
   */
  static Mono<Void> of(BiFunction<String, Swarms, Mono<ScriptReply>> call) {
    return call.apply(BEGIN, List.<String>of()::forEach)
        .expand(reply -> next(Page.from(reply), call))
        .then();
  }

  private static Mono<ScriptReply> next(
      Page page, BiFunction<String, Swarms, Mono<ScriptReply>> call) {
    boolean last = page.next().equals(BEGIN);
    return last && page.found().isEmpty()
        ? Mono.empty()
        : call.apply(last ? NO_MORE : page.next(), page.found()::forEach);
  }
}
