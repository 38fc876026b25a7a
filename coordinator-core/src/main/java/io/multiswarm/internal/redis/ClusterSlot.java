package io.multiswarm.internal.redis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who has one slot, in the view of one node of a cluster.
 *
 * @param epoch the configuration's in which the owner got its slots
 * @param others the cluster's other masters
 */
record ClusterSlot(
    RedisAddress owner, long epoch, List<RedisAddress> replicas, List<RedisAddress> others) {

  /**
   * @param asked whom a node means that does not know its own address
   * @param slots the answer to CLUSTER SLOTS, whose addresses are those that clients should use
   * @param nodes the answer to CLUSTER NODES, which has the epochs
   * @return one, or none when the slot has no owner
   */
  static List<ClusterSlot> read(int slot, RedisAddress asked, List<Object> slots, String nodes) {
    Set<RedisAddress> masters = new LinkedHashSet<>();
    List<?> found = List.of();
    for (Object entry : slots) {
      List<?> range = (List<?>) entry;
      masters.add(address(range.get(2), asked));
      if ((Long) range.get(0) <= slot && slot <= (Long) range.get(1)) {
        found = range;
      }
    }
    if (found.isEmpty()) {
      return List.of();
    }
    RedisAddress owner = address(found.get(2), asked);
    List<RedisAddress> replicas = new ArrayList<>();
    found.subList(3, found.size()).forEach(node -> replicas.add(address(node, asked)));
    masters.remove(owner);
    String id = String.valueOf(((List<?>) found.get(2)).get(2));
    return List.of(new ClusterSlot(owner, epoch(id, nodes), replicas, List.copyOf(masters)));
  }

  private static RedisAddress address(Object node, RedisAddress asked) {
    List<?> parts = (List<?>) node;
    String host = parts.get(0) == null ? "" : String.valueOf(parts.get(0));
    boolean unknown = host.isEmpty() || host.equals("?");
    return new RedisAddress(unknown ? asked.host() : host, ((Long) parts.get(1)).intValue());
  }

  /** {@code id address flags master ping pong epoch state slots…}, a line each. */
  private static long epoch(String id, String nodes) {
    return nodes
        .lines()
        .filter(line -> line.startsWith(id + ' '))
        .map(line -> Long.parseLong(line.split(" ", -1)[6]))
        .findFirst()
        .orElse(0L);
  }
}
