package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.health.Nodes;
import io.multiswarm.health.Nodes.NodeInfo;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.session.MethodTable;
import java.util.concurrent.TimeUnit;

/** {@code node.*}: the fleet. */
final class NodeMethods implements MethodTable.Group {

  private static final double MICROS = 1_000;

  private final Nodes nodes;

  NodeMethods(Nodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table.method(
        "node.list",
        call ->
            nodes
                .list()
                .map(
                    all ->
                        JsonObject.empty()
                            .and("nodes", all.stream().map(NodeMethods::one).toList())
                            .json()));
  }

  private static Json one(NodeInfo node) {
    long latency = TimeUnit.NANOSECONDS.toMicros(node.redisLatency().toNanos());
    return JsonObject.with("node", node.node())
        .and("version", node.version())
        .and("startedAt", node.startedAt().toEpochMilli())
        .and("sessions", node.sessions())
        .and("swarms", node.swarms())
        .and("leading", node.leading())
        .and("redisLatencyMs", latency / MICROS)
        .json();
  }
}
