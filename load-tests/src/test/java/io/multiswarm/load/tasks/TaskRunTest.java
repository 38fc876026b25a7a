package io.multiswarm.load.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.client.Connector;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.history.History;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RunningServer;
import io.multiswarm.load.tasks.TasksScenario.Load;
import io.multiswarm.load.tasks.TasksScenario.Plan;
import io.multiswarm.load.tasks.TasksScenario.Transports;
import io.multiswarm.load.tasks.TasksScenario.Work;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

@Timeout(60)
class TaskRunTest {

  private final Scheduler scheduler = Schedulers.newSingle("sessions", true);
  private final ServerSlot slow = new ServerSlot(0, Duration.ofMillis(20));
  private final ServerSlot quick = new ServerSlot(1, Duration.ofMillis(1));

  @AfterEach
  void dispose() {
    scheduler.dispose();
  }

  @Test
  void sessions_thatAreReadyInAnotherOrder_submitForTheirOwnFinishedTasks() {
    var size = new SimulatedSwarms.Size(2, 1);
    var load = new Load(Pace.of(0, Duration.ofMillis(300)), Duration.ZERO, 2);
    var work = new Work(64, "", 16, Duration.ZERO);
    var transports = new Transports(List.of(), false, true);
    var plan = new Plan(size, load, work, Duration.ZERO, Duration.ofSeconds(30), transports);

    new TaskRun(plan, new TaskTerms("", 2, Duration.ZERO), new Transport(), context())
        .result()
        .block();

    assertThat(slow.most).isEqualTo(1);
    assertThat(quick.most).isEqualTo(1);
  }

  private ScenarioContext context() {
    return ScenarioContext.begin(
        new RunningServer(URI.create("ws://nowhere.invalid"), Optional.empty()),
        new Connector(HttpClient.create(), History.NONE),
        scheduler,
        new PrintWriter(new StringWriter()));
  }

  private final class Transport implements TaskTransport {

    @Override
    public String name() {
      return "test";
    }

    @Override
    public Mono<List<TaskSession>> open() {
      return Mono.just(List.of(quick, slow));
    }

    @Override
    public Mono<String> describe(long task) {
      return Mono.empty();
    }

    @Override
    public Mono<Void> broken() {
      return Mono.never();
    }

    @Override
    public Mono<Void> close() {
      return Mono.empty();
    }
  }

  /** Its swarm is given what it submits, and the completion takes a while. */
  private final class ServerSlot implements TaskSession {

    private final int index;
    private final Duration time;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile Consumer<Assignment> listener = nobody -> {};
    private volatile int most;

    ServerSlot(int index, Duration time) {
      this.index = index;
      this.time = time;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public List<String> swarms() {
      return List.of("s" + index);
    }

    @Override
    public int firstSwarm() {
      return index;
    }

    @Override
    public Scheduler scheduler() {
      return scheduler;
    }

    @Override
    public int callsAtOnce() {
      return 10;
    }

    @Override
    public void listen(Consumer<Assignment> consumer) {
      listener = consumer;
    }

    @Override
    public Mono<Void> submit(String from, Stamp stamp) {
      return Mono.<Void>fromRunnable(() -> most = Math.max(most, unfinished.incrementAndGet()))
          .doOnSuccess(
              done -> scheduler.schedule(() -> listener.accept(new Assignment(from, 1, stamp))));
    }

    @Override
    public Mono<Void> request(String swarm, int n) {
      return Mono.empty();
    }

    @Override
    public Mono<Void> complete(Assignment given) {
      return Mono.delay(time, scheduler).then(Mono.fromRunnable(unfinished::decrementAndGet));
    }
  }
}
