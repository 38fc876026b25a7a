package io.multiswarm.internal.registry;

import io.multiswarm.health.Nodes;
import io.multiswarm.health.Nodes.NodeInfo;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;

/**
 * What the nodes tell of themselves: a text for each, {@code <ms of its start> <sessions> <swarms>
 * <µs to Redis and back> <version>}, which each beat of its lease renews.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class RedisNodes implements Nodes {

  private static final int MOST = 1_000;
  private static final int WORDS = 5;

  private final NodeContext context;
  private volatile Program program = new Program("unknown", () -> 0);
  private volatile Beat last = new Beat("", Duration.ZERO);

  private record Program(String version, IntSupplier sessions) {}

  /**
   * @param started as Redis told with the first; empty before
   */
  private record Beat(String started, Duration latency) {}

  RedisNodes(NodeContext context) {
    this.context = context;
  }

  @Override
  public void describe(String version, IntSupplier sessions) {
    program = new Program(version.replaceAll("\\s+", "-"), sessions);
  }

  /** Empty before the first beat, with which Redis tells. */
  String started() {
    return last.started();
  }

  /** What this node tells, but for the time of its start. */
  String facts() {
    Program told = program;
    return told.sessions().getAsInt()
        + " "
        + context.holdings().size()
        + ' '
        + TimeUnit.NANOSECONDS.toMicros(last.latency().toNanos())
        + ' '
        + told.version();
  }

  /** A beat was answered. */
  void beaten(long started, Duration latency) {
    last = new Beat(Long.toString(started), latency);
  }

  @Override
  public Mono<List<NodeInfo>> list() {
    ScriptCall call =
        ScriptCall.of(Script.NODE_LIST)
            .key(context.keys().nodes())
            .key(context.keys().nodeFacts())
            .key(context.keys().leadership())
            .key(context.keys().leader())
            .arg(MOST);
    return context.link().run(call).map(reply -> told(Listing.from(reply)));
  }

  /** This node knows of itself what is newer than its last beat. */
  private List<NodeInfo> told(Listing listing) {
    List<NodeInfo> nodes = new ArrayList<>(listing.nodes().size());
    listing
        .nodes()
        .forEach(
            (node, kept) -> {
              boolean here = node.equals(context.nodeId()) && !started().isEmpty();
              String facts = here ? started() + ' ' + facts() : kept;
              if (!facts.isEmpty()) {
                boolean leading = node.equals(listing.leading());
                context
                    .unreadable()
                    .passing("facts of node", node, () -> node(node, facts, leading))
                    .ifPresent(nodes::add);
              }
            });
    return nodes;
  }

  /**
   * @param leading the node that leads; empty when there is none
   * @param nodes what each told of itself, in the order of the script
   */
  @ReplyOf(Script.NODE_LIST)
  private record Listing(String leading, Map<String, String> nodes) {

    static Listing from(ScriptReply reply) {
      ScriptReply pairs = reply.list(1);
      Map<String, String> nodes = new LinkedHashMap<>();
      for (int i = 0; i < pairs.size(); i += 2) {
        nodes.put(pairs.string(i), pairs.string(i + 1));
      }
      return new Listing(reply.string(0), nodes);
    }
  }

  private static NodeInfo node(String id, String facts, boolean leading) {
    String[] words = facts.split(" ", WORDS);
    return new NodeInfo(
        id,
        words[4],
        Instant.ofEpochMilli(Long.parseLong(words[0])),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        leading,
        Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[3]))));
  }
}
