package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.Pool;
import io.multiswarm.resources.ResourceQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns what {@code resource_list} reads into pools, ordered by type, holders by id. */
final class PoolReader {

  private PoolReader() {}

  static List<Pool> read(ScriptReply reply, ResourceQuery query) {
    Map<String, List<Pool.Allocation>> holders = holders(reply.list(1));
    List<Pool> pools = new ArrayList<>();
    ScriptReply fields = reply.list(0);
    for (int i = 0; i < fields.size(); i += 2) {
      String type = fields.string(i);
      List<Pool.Allocation> allocations = holders.getOrDefault(type, List.of());
      boolean unasked = query.type() == null && query.swarmId() != null && allocations.isEmpty();
      if (!unasked) {
        String[] parts = fields.string(i + 1).split(":");
        pools.add(new Pool(type, Long.parseLong(parts[0]), Long.parseLong(parts[1]), allocations));
      }
    }
    pools.sort(Comparator.comparing(Pool::type));
    return pools;
  }

  private static Map<String, List<Pool.Allocation>> holders(ScriptReply fields) {
    Map<String, String> bySwarm = new TreeMap<>();
    for (int i = 0; i < fields.size(); i += 2) {
      bySwarm.put(fields.string(i), fields.string(i + 1));
    }
    Map<String, List<Pool.Allocation>> byType = new TreeMap<>();
    bySwarm.forEach((swarm, holding) -> add(byType, swarm, holding));
    return byType;
  }

  /** A holding is {@code <ms>|<type>=<amount>;...}. */
  private static void add(Map<String, List<Pool.Allocation>> byType, String swarm, String holding) {
    for (String part : holding.substring(holding.indexOf('|') + 1).split(";")) {
      int equals = part.indexOf('=');
      byType
          .computeIfAbsent(part.substring(0, equals), any -> new ArrayList<>())
          .add(new Pool.Allocation(swarm, Long.parseLong(part.substring(equals + 1))));
    }
  }
}
