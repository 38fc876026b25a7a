package io.multiswarm.load.tasks;

import io.multiswarm.load.client.SimulatedSwarms;
import java.net.URI;

/** Makes a transport over a Redis, to compare ours with. */
public interface TaskTransportFactory {

  /**
   * @param payload bytes of data
   */
  TaskTransport over(SimulatedSwarms.Size size, int payload, URI redis);
}
