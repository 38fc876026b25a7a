package io.multiswarm.server.embedded;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How redis-server is configured. What is acknowledged survives the end of a process, and nothing
 * is evicted.
 */
final class RedisOptions {

  /**
   * Three connections a coordinator are needed; the rest is for tools and for who starts many nodes
   * on one machine.
   */
  private static final int MAX_CLIENTS = 1_000;

  private RedisOptions() {}

  static Map<String, String> of(DataDirectory directory, int port, long maxMemory) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("bind", "127.0.0.1");
    options.put("port", Integer.toString(port));
    options.put("daemonize", "no");
    options.put("pidfile", directory.pidFile().toString());
    options.put("always-show-logo", "no");

    options.put("appendonly", "yes");
    options.put("appendfsync", "everysec");
    // A killed machine may leave half a command at the end, which was acknowledged to nobody.
    options.put("aof-load-truncated", "yes");
    options.put("save", "");

    // Larger hashes are searched from one end to the other in the compact form, and the scripts
    // look
    // up every sender and swarm in hashes of all of them.
    options.put("hash-max-listpack-entries", "32");

    options.put("maxmemory", Long.toString(maxMemory));
    options.put("maxmemory-policy", "noeviction");
    options.put("maxclients", Integer.toString(MAX_CLIENTS));
    return options;
  }
}
