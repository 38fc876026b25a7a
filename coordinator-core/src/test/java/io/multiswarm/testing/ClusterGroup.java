package io.multiswarm.testing;

import io.multiswarm.testing.ForkedRedis.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster of three masters; the one that owns a given slot has a replica. A node is down after a
 * second.
 */
public final class ClusterGroup implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SLOTS = 16_384;

  private final List<ForkedRedis> nodes = new ArrayList<>();

  private ClusterGroup() {}

  /**
   * Node 0 to 2 are masters, node 3 is the replica of the owner of the slot.
   *
   * @param slot for whose owner there is a replica
   */
  public static ClusterGroup launch(int slot) {
    ClusterGroup group = new ClusterGroup();
    try {
      for (int i = 0; i < 4; i++) {
        group.nodes.add(ForkedRedis.launch(Program.SERVER, port -> settings()));
      }
      group.form(slot);
      return group;
    } catch (RuntimeException | Error e) {
      group.close();
      throw e;
    }
  }

  private static List<String> settings() {
    return List.of(
        "cluster-enabled yes",
        "cluster-node-timeout 1000",
        "cluster-port " + Ports.free(),
        "cluster-require-full-coverage no",
        "cluster-replica-validity-factor 0",
        "save \"\"",
        "repl-diskless-sync-delay 0");
  }

  private void form(int slot) {
    for (int i = 0; i < 3; i++) {
      call(i, "CLUSTER", "ADDSLOTSRANGE", "" + first(i), "" + (first(i + 1) - 1));
      call(i, "CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
    }
    for (int i = 1; i < 4; i++) {
      String bus = ((List<?>) call(i, "CONFIG", "GET", "cluster-port")).get(1).toString();
      call(0, "CLUSTER", "MEET", "127.0.0.1", "" + port(i), bus);
    }
    allKnow("cluster_known_nodes:4");
    String owner = id(ownerAtFirst(slot));
    Await.await(
        "the replica to know its master",
        PATIENCE,
        () -> {
          try {
            return "OK".equals(call(3, "CLUSTER", "REPLICATE", owner));
          } catch (RespClient.ErrorReply notYet) {
            return false;
          }
        });
    Await.await(
        "the replica", PATIENCE, () -> text(3, "INFO", "replication").contains("link_status:up"));
    allKnow("cluster_state:ok");
  }

  private void allKnow(String fact) {
    for (int i = 0; i < nodes.size(); i++) {
      int node = i;
      Await.await(fact, PATIENCE, () -> text(node, "CLUSTER", "INFO").contains(fact));
    }
  }

  private static int first(int master) {
    return master * SLOTS / 3;
  }

  /** The node that owns the slot before anything is moved. */
  public static int ownerAtFirst(int slot) {
    return slot < first(1) ? 0 : slot < first(2) ? 1 : 2;
  }

  private String id(int node) {
    return text(node, "CLUSTER", "MYID");
  }

  /** As {@code redis-cli --cluster reshard} does it. */
  public void moveSlot(int slot, int from, int to) {
    String number = Integer.toString(slot);
    call(to, "CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
    call(from, "CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
    boolean more = true;
    while (more) {
      more = moveSome(number, from, to); // keys may still come
    }
    String owner = id(to);
    call(to, "CLUSTER", "SETSLOT", number, "NODE", owner);
    call(from, "CLUSTER", "SETSLOT", number, "NODE", owner);
  }

  private boolean moveSome(String slot, int from, int to) {
    List<?> keys = (List<?>) call(from, "CLUSTER", "GETKEYSINSLOT", slot, "100");
    if (keys.isEmpty()) {
      return false;
    }
    List<String> command =
        new ArrayList<>(
            List.of("MIGRATE", "127.0.0.1", "" + port(to), "", "0", "5000", "REPLACE", "KEYS"));
    keys.forEach(key -> command.add((String) key));
    call(from, command.toArray(String[]::new));
    return true;
  }

  /** Whether a node has the slot, as it says itself. */
  public boolean owns(int node, int slot) {
    String me = id(node);
    return ((List<?>) call(node, "CLUSTER", "SLOTS"))
        .stream()
            .map(range -> (List<?>) range)
            .filter(range -> (Long) range.get(0) <= slot && slot <= (Long) range.get(1))
            .anyMatch(range -> ((List<?>) range.get(2)).get(2).equals(me));
  }

  public Object call(int node, String... command) {
    try (RespClient client = RespClient.connect(nodes.get(node).uri())) {
      return client.call(command);
    }
  }

  private String text(int node, String... command) {
    return String.valueOf(call(node, command));
  }

  private int port(int node) {
    return nodes.get(node).uri().getPort();
  }

  public void kill(int node) {
    nodes.get(node).kill();
  }

  public void pause(int node) {
    nodes.get(node).pause();
  }

  public void resume(int node) {
    nodes.get(node).resume();
  }

  public String uri(int node) {
    return nodes.get(node).uri().toString();
  }

  /** With several nodes: {@code redis://host:port,host:port}. */
  public String uri(int first, int second) {
    return uri(first) + ",127.0.0.1:" + port(second);
  }

  @Override
  public void close() {
    nodes.forEach(ForkedRedis::close);
  }
}
