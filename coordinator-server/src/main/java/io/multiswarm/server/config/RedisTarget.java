package io.multiswarm.server.config;

import java.nio.file.Path;

/** The Redis that a coordinator works with. */
public sealed interface RedisTarget {

  /**
   * A redis-server that the coordinator runs itself.
   *
   * @param maxMemory bytes that it may take
   * @param program {@code auto}, {@code bundled} or a path
   * @param searched where {@code auto} looks, as {@code PATH} has it
   */
  record Embedded(Path dataDir, long maxMemory, String program, String searched)
      implements RedisTarget {

    Embedded(Path dataDir, long maxMemory) {
      this(dataDir, maxMemory, "auto", "");
    }

    @Override
    public String toString() {
      return "embedded in " + dataDir;
    }
  }

  /**
   * A Redis that somebody else runs.
   *
   * @param url its address, with credentials; {@link #toString()} hides them
   * @param access what the other settings say
   */
  record External(String url, RedisAccessSettings access) implements RedisTarget {

    public External(String url) {
      this(url, RedisAccessSettings.NONE);
    }

    @Override
    public String toString() {
      return RedisUrls.masked(url);
    }
  }
}
