package io.multiswarm.server.mcp;

import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.multiswarm.server.auth.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The sessions of clients of the legacy era on this node, in the order of their last use.
 *
 * <p><b>Bounds.</b> One more than the most takes the place of the one that was used longest ago,
 * and what nobody uses for {@link #IDLE} goes when another begins. Whoever comes back to one that
 * is gone is told so, and begins another.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class LegacySessions {

  private static final Duration IDLE = Duration.ofHours(1);

  private static final class Entry {

    private final McpStreamableServerSession session;
    private final String principal;
    private long usedAt;

    private Entry(McpStreamableServerSession session, String principal, long usedAt) {
      this.session = session;
      this.principal = principal;
      this.usedAt = usedAt;
    }
  }

  private final Scheduler scheduler;
  private final int most;
  private final Map<String, Entry> byId = new LinkedHashMap<>(16, 0.75f, true);

  LegacySessions(Scheduler scheduler, int most) {
    this.scheduler = scheduler;
    this.most = most;
  }

  void add(McpStreamableServerSession session, Visit visit) {
    for (McpStreamableServerSession over : added(session, visit)) {
      over.close();
    }
  }

  private synchronized List<McpStreamableServerSession> added(
      McpStreamableServerSession session, Visit visit) {
    byId.put(session.getId(), new Entry(session, principal(visit), now()));
    List<McpStreamableServerSession> over = new ArrayList<>();
    Iterator<Entry> oldest = byId.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (byId.size() <= most && now() - entry.usedAt < IDLE.toMillis()) {
        break;
      }
      oldest.remove();
      over.add(entry.session);
    }
    return over;
  }

  /** The session that a request names, if it is its principal's; else null. */
  synchronized @Nullable McpStreamableServerSession of(Visit visit) {
    String id = visit.header(Visit.SESSION);
    Entry entry = id == null ? null : byId.get(id);
    if (entry == null || !entry.principal.equals(principal(visit))) {
      return null;
    }
    entry.usedAt = now();
    return entry.session;
  }

  synchronized void remove(McpStreamableServerSession session) {
    byId.remove(session.getId());
  }

  synchronized List<McpStreamableServerSession> all() {
    return byId.values().stream().map(entry -> entry.session).toList();
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }

  private static String principal(Visit visit) {
    Grant grant = visit.caller().grant();
    return grant == null ? "" : grant.principal().name();
  }
}
