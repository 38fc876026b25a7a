package io.multiswarm.server.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sources of a session, asked in turn, so that a busy channel does not starve the others.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class Notifications {

  private final List<NotificationSource> sources = new ArrayList<>();
  private int next;

  void add(NotificationSource source) {
    sources.add(source);
  }

  void remove(NotificationSource source) {
    sources.remove(source);
  }

  /** The next notification of any source; null when none has one. */
  byte @Nullable [] poll() {
    for (int asked = 0; asked < sources.size(); asked++) {
      if (next >= sources.size()) {
        next = 0;
      }
      byte[] notification = sources.get(next++).poll();
      if (notification != null) {
        return notification;
      }
    }
    return null;
  }

  void clear() {
    sources.clear();
  }
}
