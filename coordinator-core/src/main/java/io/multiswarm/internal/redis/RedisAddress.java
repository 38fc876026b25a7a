package io.multiswarm.internal.redis;

/** Where one server of Redis listens. */
record RedisAddress(String host, int port) {

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }
}
