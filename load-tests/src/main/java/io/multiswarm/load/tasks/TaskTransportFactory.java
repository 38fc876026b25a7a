package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fleet;
import java.net.URI;

/** Makes a transport over a Redis, to compare ours with. */
public interface TaskTransportFactory {

  /**
   * @param payload bytes of data
   */
  TaskTransport over(Fleet.Size size, int payload, URI redis);
}
