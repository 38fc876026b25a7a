package io.multiswarm.internal.resources;

import io.multiswarm.internal.node.Unreadable;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.Pool;
import io.multiswarm.resources.Resources.ResourceQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns what {@code resource_list} reads into pools, ordered by type, holders by id. The pools are
 * those of the first page. For one thread at a time.
 */
final class PoolReader {

  private final ResourceQuery query;
  private final Unreadable unreadable;
  private final Map<String, String> pools = new TreeMap<>();
  private final Map<String, String> holdings = new TreeMap<>();

  PoolReader(ResourceQuery query, Unreadable unreadable) {
    this.query = query;
    this.unreadable = unreadable;
  }

  /**
   * A part of all that is held.
   *
   * @param pools by type
   * @param holdings by swarm
   * @param next where the next page begins
   */
  @ReplyOf(Script.RESOURCE_LIST)
  record Page(Map<String, String> pools, Map<String, String> holdings, String next) {

    static Page from(ScriptReply reply) {
      return new Page(pairs(reply.list(0)), pairs(reply.list(1)), reply.string(2));
    }

    private static Map<String, String> pairs(ScriptReply fields) {
      Map<String, String> pairs = new HashMap<>();
      for (int i = 0; i < fields.size(); i += 2) {
        pairs.put(fields.string(i), fields.string(i + 1));
      }
      return pairs;
    }
  }

  void add(Page page) {
    if (pools.isEmpty()) {
      pools.putAll(page.pools());
    }
    holdings.putAll(page.holdings());
  }

  List<Pool> pools() {
    Map<String, List<Pool.Allocation>> holders = holders();
    List<Pool> found = new ArrayList<>();
    pools.forEach(
        (type, pool) -> {
          List<Pool.Allocation> allocations = holders.getOrDefault(type, List.of());
          boolean unasked =
              query.type() == null && query.swarmId() != null && allocations.isEmpty();
          if (!unasked) {
            unreadable
                .passing("resource", type, () -> pool(type, pool, allocations))
                .ifPresent(found::add);
          }
        });
    return found;
  }

  private static Pool pool(String type, String fields, List<Pool.Allocation> allocations) {
    String[] parts = fields.split(":");
    return new Pool(type, Long.parseLong(parts[0]), Long.parseLong(parts[1]), allocations);
  }

  private Map<String, List<Pool.Allocation>> holders() {
    Map<String, List<Pool.Allocation>> byType = new TreeMap<>();
    holdings.forEach(
        (swarm, holding) ->
            unreadable
                .passing("what", "swarm " + swarm + " holds", () -> amounts(holding))
                .ifPresent(
                    amounts ->
                        amounts.forEach(
                            (type, amount) ->
                                byType
                                    .computeIfAbsent(type, any -> new ArrayList<>())
                                    .add(new Pool.Allocation(swarm, amount)))));
    return byType;
  }

  /** A holding is {@code <ms>|<type>=<amount>;...}. */
  private static Map<String, Long> amounts(String holding) {
    Map<String, Long> amounts = new TreeMap<>();
    for (String part : holding.substring(holding.indexOf('|') + 1).split(";")) {
      int equals = part.indexOf('=');
      amounts.put(part.substring(0, equals), Long.parseLong(part.substring(equals + 1)));
    }
    return amounts;
  }
}
