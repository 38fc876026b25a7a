package io.multiswarm.internal.stream;

import io.multiswarm.testing.TestRedis;
import java.util.List;
import java.util.Objects;

/** A channel's history as it lies in Redis, read past everything of ours. */
public final class StoredHistory {

  private static final int ENVELOPE = 3;

  private StoredHistory() {}

  /**
   * The envelopes, oldest first.
   *
   * @param stream the key, as {@code Keys.historyStream} gives it
   */
  public static List<String> envelopes(TestRedis redis, String stream) {
    List<?> entries = (List<?>) Objects.requireNonNull(redis.cli("XRANGE", stream, "-", "+"));
    return entries.stream().map(StoredHistory::envelope).toList();
  }

  /**
   * An entry is its id and its fields: {@code t}, ms, {@code m}, the envelope without its brace.
   */
  private static String envelope(Object entry) {
    List<?> fields = (List<?>) ((List<?>) entry).get(1);
    return "{" + fields.get(ENVELOPE);
  }
}
