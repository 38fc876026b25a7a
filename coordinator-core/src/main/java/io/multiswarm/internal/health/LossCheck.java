package io.multiswarm.internal.health;

import io.multiswarm.common.Ids;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.RedisLink;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Tells operators, once, that Redis came back without what the fleet had in it. Clients notice by
 * themselves, each what concerns it; here it is told as a whole, with its cause and its size.
 *
 * <p>The first node of a fleet leaves a mark that nobody removes, each time another one. A mark
 * that is gone, or another one, means that the data that came with it are gone: Redis was restarted
 * without a file, emptied, or replaced by another one.
 *
 * <p><b>Threading.</b> One look at a time.
 */
public final class LossCheck {

  private static final Logger log = LoggerFactory.getLogger(LossCheck.class);
  private static final Held NOTHING = new Held(0, 0);

  private final RedisLink link;
  private final Keys keys;
  private final Consumer<String> line;
  private volatile @Nullable String mark;
  private volatile Held before = NOTHING;

  /** What the fleet has. */
  private record Held(long swarms, long tasks) {}

  public LossCheck(NodeContext context) {
    this(context, log::warn);
  }

  LossCheck(NodeContext context, Consumer<String> line) {
    this.link = context.link();
    this.keys = context.keys();
    this.line = line;
  }

  /** Looks once. That Redis does not answer is told by others: what is unknown stays so. */
  public Mono<Void> look() {
    return Mono.defer(() -> link.keep(keys.birth(), Ids.unique("data")))
        .doOnNext(this::found)
        .then(Mono.defer(this::counted))
        .doOnNext(now -> before = now)
        .onErrorComplete()
        .then();
  }

  private Mono<Held> counted() {
    return Counts.entries(keys.index()).and(Counts.fields(keys.sys("tasks")), Held::new).read(link);
  }

  private void found(String now) {
    String known = mark;
    mark = now;
    if (known != null && !known.equals(now)) {
      Held lost = before;
      line.accept(
          "Redis came back without this fleet's data: "
              + lost.swarms
              + " swarms and "
              + lost.tasks
              + " tasks that it had at the last look are gone, with their histories and states; see"
              + " that it keeps an append-only file (appendonly yes) and that nobody empties it");
    }
  }
}
