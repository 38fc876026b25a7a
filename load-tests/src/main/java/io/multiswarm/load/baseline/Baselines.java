package io.multiswarm.load.baseline;

import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.messages.Transport;
import io.multiswarm.load.tasks.TaskTransport;
import java.util.List;

/** What bare Redis carries: the measure for what the product carries over the same Redis. */
public final class Baselines {

  private Baselines() {}

  /** {@code PUBLISH} alone, and a script that keeps a history. Reads files. */
  public static List<Transport.Factory> ofMessages() {
    BareScript script = ScriptPublisher.script();
    return List.of(
        BareTransport::plain,
        (size, payload, redis) -> BareTransport.script(size, payload, redis, script));
  }

  /** Scripts that do no more than a task's life takes. Reads files. */
  public static List<TaskTransport.Factory> ofTasks() {
    var scripts = BareQueue.Scripts.read();
    return List.of(
        (size, payload, redis) ->
            new BareTaskTransport(new StampedData(payload), size.swarms(), scripts, redis));
  }
}
