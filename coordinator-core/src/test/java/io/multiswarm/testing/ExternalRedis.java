package io.multiswarm.testing;

import java.net.URI;

/** A Redis that somebody else runs: it isn't ours to stop, nor to flush. */
record ExternalRedis(URI uri) implements RedisServer {

  @Override
  public void close() {}
}
