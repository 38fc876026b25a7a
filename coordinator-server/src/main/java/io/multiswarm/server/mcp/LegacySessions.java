package io.multiswarm.server.mcp;

import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.session.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The sessions of clients of the legacy era on this node, in the order of their last use.
 *
 * <p><b>Bounds.</b> One more than the most takes the place of the one that was used longest ago by
 * the caller who has most of them: a flood ends its own. What nobody uses for {@link #IDLE} goes
 * when another begins. Whoever comes back to one that is gone is told so, and begins another.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class LegacySessions {

  private static final Duration IDLE = Duration.ofHours(1);

  private static final class Entry {

    private final McpStreamableServerSession session;
    private final String principal;
    private final String caller;
    private long usedAt;

    private Entry(McpStreamableServerSession session, Client caller, long usedAt) {
      this.session = session;
      this.principal = principal(caller);
      this.caller = principal.isEmpty() ? caller.address().getHostAddress() : principal;
      this.usedAt = usedAt;
    }
  }

  private final Scheduler scheduler;
  private final int most;
  private final Map<String, Entry> byId = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Integer> countByCaller = new HashMap<>();

  LegacySessions(Scheduler scheduler, int most) {
    this.scheduler = scheduler;
    this.most = most;
  }

  void add(McpStreamableServerSession session, Client caller) {
    for (McpStreamableServerSession over : added(session, caller)) {
      over.close();
    }
  }

  private synchronized List<McpStreamableServerSession> added(
      McpStreamableServerSession session, Client caller) {
    put(new Entry(session, caller, now()));
    List<McpStreamableServerSession> over = new ArrayList<>();
    for (Entry oldest = oldest(); isIdle(oldest); oldest = oldest()) {
      remove(oldest.session);
      over.add(oldest.session);
    }
    if (byId.size() > most) {
      McpStreamableServerSession greedy = oldestOfWhoHasMost();
      remove(greedy);
      over.add(greedy);
    }
    return over;
  }

  private void put(Entry entry) {
    byId.put(entry.session.getId(), entry);
    countByCaller.merge(entry.caller, 1, Integer::sum);
  }

  private Entry oldest() {
    return byId.values().iterator().next();
  }

  private boolean isIdle(Entry entry) {
    return now() - entry.usedAt >= IDLE.toMillis();
  }

  private McpStreamableServerSession oldestOfWhoHasMost() {
    String greedy =
        Collections.max(countByCaller.entrySet(), Map.Entry.comparingByValue()).getKey();
    return byId.values().stream()
        .filter(entry -> entry.caller.equals(greedy))
        .findFirst()
        .orElseThrow()
        .session;
  }

  /** The session of that id, if it is the caller's principal's; else null. */
  synchronized @Nullable McpStreamableServerSession of(@Nullable String id, Client caller) {
    Entry entry = id == null ? null : byId.get(id);
    if (entry == null || !entry.principal.equals(principal(caller))) {
      return null;
    }
    entry.usedAt = now();
    return entry.session;
  }

  synchronized void remove(McpStreamableServerSession session) {
    Entry entry = byId.remove(session.getId());
    if (entry != null) {
      countByCaller.computeIfPresent(
          entry.caller, (caller, count) -> count == 1 ? null : count - 1);
    }
  }

  synchronized List<McpStreamableServerSession> all() {
    return byId.values().stream().map(entry -> entry.session).toList();
  }

  private long now() {
    // Of the clock that nobody sets.
    return TimeUnit.NANOSECONDS.toMillis(scheduler.now(TimeUnit.NANOSECONDS));
  }

  private static String principal(Client caller) {
    AccessGrant grant = caller.grant();
    return grant == null ? "" : grant.principal().name();
  }
}
