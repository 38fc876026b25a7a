package io.multiswarm.load.client;

import static io.multiswarm.load.client.StampedData.ascii;

import io.multiswarm.load.client.Notification.Stamp;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Mono;

/**
 * Submits, asks for and completes tasks, writing the requests straight into the buffer that leaves.
 */
public final class Tasking {

  private final SwarmClient client;
  private final StampedData data;
  private final String terms;

  /**
   * @param terms further members of each task as JSON, such as {@code "strategy":"round_robin"};
   *     may be empty
   */
  public Tasking(SwarmClient client, StampedData data, String terms) {
    this.client = client;
    this.data = data;
    this.terms = terms.isEmpty() ? "" : "," + terms;
  }

  /** Completes when the task is accepted. */
  public Mono<Void> submit(String from, String taskId, Stamp stamp) {
    return client.tell("task.submit", params -> writeSubmit(from, taskId, stamp, params));
  }

  private void writeSubmit(String from, String taskId, Stamp stamp, ByteBuf params) {
    ascii("{\"from\":\"", params);
    ascii(from, params);
    ascii("\",\"task\":{\"id\":\"", params);
    ascii(taskId, params);
    ascii("\",\"description\":\"carry load\"", params);
    ascii(terms, params);
    ascii(",\"data\":", params);
    data.write(stamp, params);
    ascii("}}", params);
  }

  /** Says that the swarm is ready for {@code n} more tasks. */
  public Mono<Void> request(String swarm, int n) {
    return client.tell("task.request", params -> writeRequest(swarm, n, params));
  }

  private static void writeRequest(String swarm, int n, ByteBuf params) {
    ascii("{\"swarmId\":\"", params);
    ascii(swarm, params);
    ascii("\",\"autoExtend\":true,\"n\":", params);
    ascii(Integer.toString(n), params);
    ascii("}", params);
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
