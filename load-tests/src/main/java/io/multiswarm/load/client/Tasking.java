package io.multiswarm.load.client;

import static io.multiswarm.load.client.StampedData.ascii;

import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.netty.buffer.ByteBuf;
import java.util.function.LongFunction;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Submits, asks for and completes tasks, writing the requests straight into the buffer that leaves.
 */
public final class Tasking {

  private final SwarmClient client;
  private final StampedData data;
  private final LongFunction<String> terms;

  /**
   * @param terms further members of each task as JSON, such as {@code "strategy":"round_robin"};
   *     may be empty
   */
  public Tasking(SwarmClient client, StampedData data, String terms) {
    this.client = client;
    this.data = data;
    String members = terms.isEmpty() ? "" : "," + terms;
    this.terms = any -> members;
  }

  /**
   * @param terms further members of a task as JSON, each after a comma, by its number
   */
  public Tasking(SwarmClient client, StampedData data, LongFunction<String> terms) {
    this.client = client;
    this.data = data;
    this.terms = terms;
  }

  /**
   * Completes when the task is accepted.
   *
   * @param from the swarm that submits; empty for none
   */
  public Mono<Void> submit(String from, String taskId, Stamp stamp) {
    return client.tell("task.submit", params -> writeSubmit(from, taskId, stamp, params));
  }

  private void writeSubmit(String from, String taskId, Stamp stamp, ByteBuf params) {
    ascii("{", params);
    if (!from.isEmpty()) {
      ascii("\"from\":\"", params);
      ascii(from, params);
      ascii("\",", params);
    }
    ascii("\"task\":{\"id\":\"", params);
    ascii(taskId, params);
    ascii("\",\"description\":\"carry load\"", params);
    ascii(terms.apply(stamp.number()), params);
    ascii(",\"data\":", params);
    data.write(stamp, params);
    ascii("}}", params);
  }

  /** Says that the swarm is ready for {@code n} more tasks, whose leases the server renews. */
  public Mono<Void> request(String swarm, int n) {
    return request(swarm, n, true);
  }

  /**
   * Says that the swarm is ready for {@code n} more tasks.
   *
   * @param autoExtend whether the server renews the swarm's leases from now on
   */
  public Mono<Void> request(String swarm, int n, boolean autoExtend) {
    return client.tell("task.request", params -> writeRequest(swarm, n, autoExtend, params));
  }

  private static void writeRequest(String swarm, int n, boolean autoExtend, ByteBuf params) {
    ascii("{\"swarmId\":\"", params);
    ascii(swarm, params);
    ascii(autoExtend ? "\",\"autoExtend\":true,\"n\":" : "\",\"n\":", params);
    ascii(Integer.toString(n), params);
    ascii("}", params);
  }

  /** An assignment as {@code task.assigned} and the leases of {@code swarm.attach} have it. */
  public static Assignment assignment(JsonNode params) {
    JsonNode data = params.path("task").path("data");
    return new Assignment(
        params.path("swarmId").asString(),
        params.path("attempt").asLong(),
        new Stamp(
            data.path(StampedData.SENDER).asInt(),
            data.path(StampedData.NUMBER).asLong(),
            data.path(StampedData.INTENDED).asLong()));
  }

  /** Completes when the completion is accepted. */
  public Mono<Void> complete(String swarm, String taskId, long attempt) {
    return client.tell("task.complete", params -> writeComplete(swarm, taskId, attempt, params));
  }

  private static void writeComplete(String swarm, String taskId, long attempt, ByteBuf params) {
    ascii("{\"swarmId\":\"", params);
    ascii(swarm, params);
    ascii("\",\"taskId\":\"", params);
    ascii(taskId, params);
    ascii("\",\"attempt\":", params);
    ascii(Long.toString(attempt), params);
    ascii(",\"result\":{\"ok\":true}}", params);
  }
}
