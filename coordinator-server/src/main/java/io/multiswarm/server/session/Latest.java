package io.multiswarm.server.session;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a session remembers of its swarms, by their ids, though it is over: the latest thousand, so
 * that memory is bounded.
 */
public final class Latest<V> extends LinkedHashMap<String, V> {

  private static final long serialVersionUID = 1L;

  static final int MOST = 1_000;

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
    return size() > MOST;
  }
}
