package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Client;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * An agent between its calls: the session that acts for its swarm and renews its leases.
 *
 * <p><b>Life.</b> While calls come, each at most a grace after the end of the one before; then the
 * session ends as a lost connection does. It also ends when another call attached the swarm
 * elsewhere, and when the token is worth nothing any more.
 *
 * <p><b>Lost answers.</b> Messages are read again by the cursor, and a task that was not reported
 * is given again. A task that comes while no call waits, and that none fetches within {@link
 * #HAND_BACK}, goes back unharmed: others can do it meanwhile.
 *
 * <p><b>Threading.</b> The session's thread, but for the methods that say otherwise.
 */
public final class Agent implements InnerClient.Listener {

  static final Duration HAND_BACK = Duration.ofSeconds(60);

  private static final int MOST_STOPS = 20;
  private static final long MOST_ATTEMPT = (1L << 53) - 1;

  private final Client caller;
  private final int slots;
  private final Patience patience;
  private final Scheduler scheduler;
  private final InnerClient client;
  private final Bell bell;
  private final Held held;
  private final Deque<News.Stop> stops = new ArrayDeque<>();
  private volatile @Nullable Handle handle;
  private volatile boolean over;
  private volatile @Nullable AgentInbox inbox;
  private int credit;
  private long turn;

  Agent(Client caller, int slots, Agents.Setup setup) {
    this.caller = caller;
    this.slots = slots;
    this.scheduler = setup.scheduler();
    this.client = new InnerClient(setup.sessions(), caller, setup.scheduler(), this);
    this.held = new Held(client.session().share());
    this.bell = new Bell(client);
    this.patience = new Patience(client, setup.grace());
  }

  /** Null before it has joined, and for one that only asks. From any thread. */
  public @Nullable Handle handle() {
    return handle;
  }

  /** Whether it is there for calls of that token with that handle. From any thread. */
  boolean serves(Client other, @Nullable Handle given) {
    return !over
        && (given == null || given.equals(handle))
        && Objects.equals(caller.grant(), other.grant());
  }

  boolean isOver() {
    return over;
  }

  /** Runs the action when the agent's session ends; at once if it has. From any thread. */
  void onEnd(Runnable action) {
    client.execute(() -> client.session().onEnd(action));
  }

  InnerClient client() {
    return client;
  }

  /** Calls a method of the wire protocol as this agent. From any thread. */
  public Mono<Json> call(String method, Json params) {
    return client.call(method, params);
  }

  /** Keeps the agent while the work goes on, and for the grace after it. From any thread. */
  public <T> Mono<T> during(Mono<T> work) {
    return patience.during(work);
  }

  /** Ends the session. From any thread. */
  void leave(boolean goodbye, String reason) {
    client.leave(goodbye, reason);
  }

  /**
   * Begins to hear what is said to the swarm, which the session has created or attached.
   *
   * @return where the channels are now
   */
  Mono<Cursor> hear(Handle acting) {
    handle = acting;
    AgentInbox mail = new AgentInbox(client, acting.swarmId());
    inbox = mail;
    return mail.hear();
  }

  /** Whether it hears what is said to all. */
  public boolean hearsEverybody() {
    AgentInbox mail = inbox;
    return mail != null && mail.hearsEverybody();
  }

  /** What the swarm has from before it was attached. */
  void holds(List<Json> leases) {
    leases.forEach(held::add);
  }

  /**
   * What is there after the cursor, or comes within the time. One call waits at a time: the newest.
   * From any thread.
   */
  public Mono<News> next(Cursor cursor, Duration wait) {
    return Mono.<Long>create(sink -> client.execute(() -> sink.success(takeTurn(wait))))
        .flatMap(mine -> newsUntil(mine, cursor, now() + wait.toMillis()));
  }

  /** Who does not wait reads what is there, even if no subscription has told of it yet. */
  private long takeTurn(Duration wait) {
    if (wait.isZero()) {
      stir();
    }
    bell.ring();
    return ++turn;
  }

  private long now() {
    // Of the clock that nobody sets.
    return TimeUnit.NANOSECONDS.toMillis(scheduler.now(TimeUnit.NANOSECONDS));
  }

  private Mono<News> newsUntil(long mine, Cursor cursor, long deadline) {
    AgentInbox mail = inbox;
    if (mine != turn || mail == null) {
      // Another call waits now, and what comes is for that.
      return Mono.just(new News(null, false, List.of(), List.of(), List.of(), cursor));
    }
    bell.silence();
    return ready()
        .then(Mono.defer(() -> mail.after(cursor)))
        .flatMap(
            page -> {
              if (over) {
                return Mono.error(client.gone());
              }
              News news = news(mine, page);
              long left = deadline - now();
              if (!news.isNone() || left <= 0 || mine != turn) {
                return Mono.just(news);
              }
              // Only what it said itself was read, and there is more: then it does not wait.
              Mono<Void> heard = page.isWhole() ? bell.heard(left) : Mono.empty();
              return heard.then(Mono.defer(() -> newsUntil(mine, news.cursor(), deadline)));
            });
  }

  private News news(long mine, AgentInbox.Page page) {
    List<News.Stop> stopped = List.copyOf(stops);
    Json task = mine == turn ? held.takeNew() : null;
    boolean again = task == null && mine == turn && held.size() >= slots;
    if (again) {
      task = held.oldest();
    }
    if (mine == turn) {
      stops.clear();
    }
    return new News(task, again, page.messages(), page.missed(), stopped, page.cursor());
  }

  /** Gives credit for the slots that are free. */
  private Mono<Void> ready() {
    int free = slots - held.size() - credit;
    Handle acting = handle;
    if (free <= 0 || acting == null) {
      return Mono.empty();
    }
    credit += free;
    return client
        .call(
            "task.request",
            JsonObject.with("swarmId", acting.swarmId())
                .and("n", free)
                .and("autoExtend", true)
                .json())
        .doOnError(refused -> credit -= free)
        .then();
  }

  /** Does without a task that was reported, or was taken away. */
  public void reported(String taskId, long attempt) {
    client.execute(() -> held.remove(taskId, attempt));
  }

  @Override
  public void heard(String notification, Json params) {
    switch (notification) {
      case "task.assigned" -> assigned(params);
      case "task.revoked" -> revoked(Params.of(params));
      case "swarm.detached" -> leave(false, "the swarm was attached elsewhere, with this handle");
      case "channel.message" -> {
        if (!Params.of(params).bool("live", false)) {
          stir();
        }
      }
      default -> stir();
    }
  }

  private void stir() {
    AgentInbox mail = inbox;
    if (mail != null) {
      mail.stir();
    }
    bell.ring();
  }

  private void assigned(Json assignment) {
    Held.Task task = held.add(assignment);
    if (task == null) {
      return;
    }
    credit = Math.max(0, credit - 1);
    task.handBackBy(
        client
            .worker()
            .schedule(() -> handBack(task), HAND_BACK.toMillis(), TimeUnit.MILLISECONDS));
    bell.ring();
  }

  private void handBack(Held.Task task) {
    if (!over && held.remove(task.id(), task.attempt())) {
      release(task);
    }
  }

  /** An error leaves the lease to the session's end, or means that it is over already. */
  private void release(Held.Task task) {
    Handle acting = handle;
    if (acting != null) {
      client
          .call(
              "task.release",
              JsonObject.with("swarmId", acting.swarmId())
                  .and("taskId", task.id())
                  .and("attempt", task.attempt())
                  .json())
          .subscribe(null, refused -> {});
    }
  }

  private void revoked(Params params) {
    String taskId = params.string("taskId");
    long attempt = params.integer("attempt", 1, MOST_ATTEMPT);
    held.remove(taskId, attempt);
    if (stops.size() == MOST_STOPS) {
      stops.removeFirst();
    }
    stops.add(new News.Stop(taskId, attempt, params.string("reason", "taken away")));
    bell.ring();
  }

  @Override
  public void ended(String reason) {
    over = true;
    patience.end();
    held.clear();
    bell.ring();
  }
}
