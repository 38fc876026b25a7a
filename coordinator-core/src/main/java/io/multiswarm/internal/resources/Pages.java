package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A walk over all holders, a page a call. What a call has found is dealt with by those after it,
 * which can name the keys, a few swarms each; the last of these finds the next page.
 */
final class Pages {

  private static final String BEGIN = "0";
  private static final String NO_MORE = "";

  /** A swarm may hold of a hundred types, each of which is returned and served. */
  private static final int AT_ONCE = 4;

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
    if (last && page.found().isEmpty()) {
      return Mono.empty();
    }
    int split = Math.max(0, page.found().size() - AT_ONCE);
    return Flux.fromIterable(page.found().subList(0, split))
        .buffer(AT_ONCE)
        .concatMap(some -> call.apply(NO_MORE, some::forEach), 1)
        .then(
            Mono.defer(
                () ->
                    call.apply(
                        last ? NO_MORE : page.next(),
                        page.found().subList(split, page.found().size())::forEach)));
  }
}
