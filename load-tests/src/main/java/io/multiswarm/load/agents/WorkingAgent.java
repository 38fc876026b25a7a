package io.multiswarm.load.agents;

import io.multiswarm.load.agents.AgentDoor.NoAnswerException;
import io.multiswarm.load.agents.AgentDoor.ToolRefusedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One that joins, takes tasks and completes them, and comes back when it was killed. */
final class WorkingAgent implements Runnable {

  /** The system says that it cannot, and later it can. */
  private static final Set<String> PASSING =
      Set.of("UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED");

  private static final int BETWEEN_TRIES_MS = 100;
  private static final int LONGEST_WORK_MS = 150;
  private static final int LONGEST_ABSENCE_MS = 4_000;
  private static final int NEVER_BACK_ONE_IN = 4;
  private static final String NUMBERED = "number ";

  private final String name;
  private final AgentDoor door;
  private final AgentLedger ledger;
  private final Duration grace;
  private final Random random;
  private final Thread thread;
  private volatile boolean over;

  // What an agent keeps on its disk.
  private @Nullable String handle;
  private String cursor = "";
  private long lastHeard = -1;
  private int incarnation;

  private long answeredAt;

  /**
   * @param grace for which it keeps what it has while nobody answers it
   */
  WorkingAgent(String name, AgentDoor door, AgentLedger ledger, Duration grace, long seed) {
    this.grace = grace;
    this.name = name;
    this.door = door;
    this.ledger = ledger;
    this.random = new Random(seed);
    this.thread = new Thread(this, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Without a word: what it does breaks off, what it knows is gone but for its disk. */
  void kill() {
    door.kill();
    thread.interrupt();
  }

  /** Ends only what it speaks through. */
  void killDoor() {
    door.kill();
  }

  void end() throws InterruptedException {
    over = true;
    kill();
    thread.join();
  }

  @Override
  public void run() {
    while (!over) {
      try {
        live();
      } catch (InterruptedException killed) {
        ledger.event("lives of agents ended");
        rest();
      }
    }
  }

  /** Between two lives. Some never come back, and others take their places. */
  private void rest() {
    if (random.nextInt(NEVER_BACK_ONE_IN) == 0) {
      forget();
    }
    try {
      if (!over) {
        Thread.sleep(random.nextInt(LONGEST_ABSENCE_MS));
      }
    } catch (InterruptedException again) {
      ledger.event("killed while it was away");
    }
  }

  private void forget() {
    handle = null;
    lastHeard = -1;
  }

  private void live() throws InterruptedException {
    while (!over) {
      String mine = handle;
      if (mine == null) {
        incarnation++;
        JsonNode joined = insist("join", Map.of("name", name + "-" + incarnation));
        if (joined != null) {
          handle = joined.path("handle").asString();
          cursor = joined.path("cursor").asString();
        }
        continue;
      }
      JsonNode news = insist("next", Map.of("handle", mine, "cursor", cursor, "waitSeconds", 5));
      if (news == null) {
        // It was away for too long.
        forget();
        continue;
      }
      hear(news);
      cursor = news.path("cursor").asString();
      if (news.has("task")) {
        work(mine, news.path("task"));
      }
    }
  }

  private void hear(JsonNode news) {
    if (news.has("missed")) {
      ledger.event("gaps told");
      lastHeard = -1;
    }
    news.path("messages")
        .valueStream()
        .map(message -> message.path("text").asString(""))
        .filter(text -> text.startsWith(NUMBERED))
        .mapToLong(text -> Long.parseLong(text.substring(NUMBERED.length())))
        .forEach(this::hear);
  }

  private void hear(long number) {
    ledger.heard();
    if (lastHeard >= 0 && number > lastHeard + 1) {
      ledger.silentGap(name, lastHeard, number);
    }
    lastHeard = Math.max(lastHeard, number);
  }

  private void work(String mine, JsonNode task) throws InterruptedException {
    Thread.sleep(random.nextInt(LONGEST_WORK_MS));
    String id = task.path("id").asString();
    long attempt = task.path("attempt").asLong();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("handle", mine);
    report.put("task", id);
    report.put("attempt", attempt);
    report.put("status", "done");
    report.put("note", name);
    long since = answeredAt;
    try {
      if (insist("report", report) == null) {
        lost(id, attempt, Duration.ofNanos(System.nanoTime() - since));
      } else {
        ledger.completed(id, attempt);
      }
    } catch (InterruptedException killed) {
      ledger.uncertain(id);
      throw killed;
    }
  }

  /** A task that it had from a call of this very life. */
  private void lost(String task, long attempt, Duration outOfReach) {
    if (outOfReach.compareTo(grace) > 0) {
      ledger.event("lost after being out of reach for longer than the grace");
    } else {
      ledger.reclaimed(name, task, attempt, outOfReach);
    }
  }

  /** Repeats a call until it is answered; null when it is refused for good. */
  private @Nullable JsonNode insist(String tool, Map<String, Object> arguments)
      throws InterruptedException {
    while (true) {
      try {
        JsonNode answer = door.call(tool, arguments);
        answeredAt = System.nanoTime();
        return answer;
      } catch (NoAnswerException lost) {
        ledger.event("answers lost");
      } catch (ToolRefusedException refused) {
        ledger.event(tool + " refused: " + refused.code());
        if (!PASSING.contains(refused.code())) {
          return null;
        }
      }
      if (over) {
        throw new InterruptedException();
      }
      Thread.sleep(BETWEEN_TRIES_MS);
    }
  }

  /** What a message of that number says. */
  static String numbered(long number) {
    return NUMBERED + number;
  }
}
