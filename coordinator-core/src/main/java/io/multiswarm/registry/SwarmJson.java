package io.multiswarm.registry;

import io.multiswarm.common.Json;

/** The swarm object of the wire protocol. Its twin in Lua is {@code swarm_render}. */
final class SwarmJson {

  private SwarmJson() {}

  static Json encode(Swarm swarm) {
    return Json.trusted(
        "{\"id\":\""
            + swarm.id()
            + "\",\"objective\":"
            + Json.quote(swarm.objective())
            + ",\"strategy\":"
            + Json.quote(swarm.strategy())
            + ",\"mode\":\""
            + swarm.mode().word()
            + "\",\"maxAgents\":"
            + swarm.maxAgents()
            + ",\"status\":\""
            + swarm.status().word()
            + "\",\"createdAt\":"
            + swarm.createdAt().toEpochMilli()
            + ",\"lastActivity\":"
            + swarm.lastActivity().toEpochMilli()
            + ",\"lastHeartbeat\":"
            + swarm.lastHeartbeat().toEpochMilli()
            + ",\"agents\":"
            + swarm.agents()
            + ",\"metadata\":"
            + swarm.metadata().json()
            + ",\"metrics\":"
            + encode(swarm.metrics())
            + ",\"activeTasks\":"
            + swarm.activeTasks()
            + ",\"incarnation\":"
            + swarm.incarnation()
            + ",\"attached\":"
            + swarm.attached()
            + (swarm.paused() ? ",\"paused\":true}" : "}"));
  }

  private static String encode(Swarm.Metrics metrics) {
    return "{\"tasksCompleted\":"
        + metrics.tasksCompleted()
        + ",\"tasksFailed\":"
        + metrics.tasksFailed()
        + ",\"messagesSent\":"
        + metrics.messagesSent()
        + ",\"errors\":"
        + metrics.errors()
        + "}";
  }
}
