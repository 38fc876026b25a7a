package io.multiswarm.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The fake server's tasks: given in order to whoever has credit, and forgotten when a test wants
 * it.
 */
final class FakeTasks {

  private final Predicate<String> forgets;
  private final Queue<JsonNode> pending = new ArrayDeque<>();
  private final Map<String, Integer> credits = new HashMap<>();
  private final Map<String, Consumer<Object>> swarms = new HashMap<>();

  /**
   * @param forgets by a task's id, whether it is accepted and then forgotten
   */
  FakeTasks(Predicate<String> forgets) {
    this.forgets = forgets;
  }

  Map<String, Object> submit(JsonNode params) {
    JsonNode task = params.path("task");
    if (!forgets.test(task.path("id").asString())) {
      pending.add(task);
    }
    return Map.of("taskId", task.path("id").asString(), "status", "pending");
  }

  Map<String, Object> request(JsonNode params, Consumer<Object> notifications) {
    String swarm = params.path("swarmId").asString();
    swarms.put(swarm, notifications);
    return Map.of("credit", credits.merge(swarm, params.path("n").asInt(), Integer::sum));
  }

  /** Assigns what can be assigned. */
  void distribute() {
    List<String> ready = new ArrayList<>(credits.keySet());
    for (String swarm : ready) {
      while (credits.get(swarm) > 0 && !pending.isEmpty()) {
        credits.merge(swarm, -1, Integer::sum);
        Map<String, Object> params =
            Map.of("swarmId", swarm, "task", pending.remove(), "attempt", 1, "leaseMs", 30000);
        swarms
            .get(swarm)
            .accept(Map.of("jsonrpc", "2.0", "method", "task.assigned", "params", params));
      }
    }
  }
}
