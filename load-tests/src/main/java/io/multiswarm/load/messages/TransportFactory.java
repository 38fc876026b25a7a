package io.multiswarm.load.messages;

import io.multiswarm.load.client.SimulatedSwarms;
import java.net.URI;

/** Makes a transport over a Redis, to compare ours with. */
public interface TransportFactory {

  /**
   * @param payload bytes of data
   */
  Transport over(SimulatedSwarms.Size size, int payload, URI redis);
}
