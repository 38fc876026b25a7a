package io.multiswarm.internal.redis;

import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A page of a walk over many ids, as {@code SCAN} gives it.
 *
 * @param next the cursor of the next page
 */
@ReplyOf({Script.STATE_LEFTOVERS, Script.TASK_ORPHANS})
public record ScanPage(String next, List<String> ids) {

  private static final String BEGIN = "0";

  /** The ids of all pages; a page is read when the one before was taken. */
  public static Flux<String> all(Function<String, Mono<ScriptReply>> page) {
    Function<String, Mono<ScanPage>> read = cursor -> page.apply(cursor).map(ScanPage::from);
    return read.apply(BEGIN)
        .expand(one -> one.next.equals(BEGIN) ? Mono.empty() : read.apply(one.next))
        .concatMapIterable(ScanPage::ids);
  }

  private static ScanPage from(ScriptReply reply) {
    return new ScanPage(reply.string(0), reply.strings(1));
  }
}
