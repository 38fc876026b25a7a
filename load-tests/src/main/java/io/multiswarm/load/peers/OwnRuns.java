package io.multiswarm.load.peers;

import static io.multiswarm.load.peers.PartReport.Reading.number;
import static io.multiswarm.load.peers.PartReport.Reading.p50;
import static io.multiswarm.load.peers.PartReport.Reading.p99;

import io.multiswarm.load.baseline.Baselines;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.messages.MessagesScenario;
import io.multiswarm.load.messages.Mix;
import io.multiswarm.load.messages.Traffic;
import io.multiswarm.load.messages.Transport;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.peers.PartReport.Reading;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.tasks.TaskTransport;
import io.multiswarm.load.tasks.TasksScenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The scenarios {@code tasks} and {@code messages} in the forms in which ours and bare Redis are
 * measured beside others, and what of their reports counts.
 */
final class OwnRuns {

  static final int TASK_RATE = 500;
  static final int BROADCAST_RATE = 20;
  static final int LISTENERS = 1_000;

  private static final int FAST_BROADCAST_RATE = 50;
  private static final int COLD_RATE = 1_000;
  private static final Duration COLD = Duration.ofSeconds(10);

  private static final int SWARMS = 100;
  private static final int MANY = 10_000;
  private static final int PAYLOAD = 300;
  private static final int CREDIT = 16;
  private static final int UNFINISHED = 1_000;
  private static final int WINDOW = 32;
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private static final Reading TASKS_A_SECOND = number("tasks per second");
  private static final Reading MESSAGES_A_SECOND = number("messages per second");
  private static final Reading REDIS_MICROS = number("µs of CPU a task, redis");
  private static final Reading REDIS_COMMANDS = number("redis commands a task");
  private static final String TARGETED = "targeted delivery";
  private static final String TO_ALL = "broadcast delivery";

  private final Lengths lengths;
  private final List<TaskTransport.Factory> bareTasks = Baselines.ofTasks();
  private final Transport.Factory bareScript;

  /** Reads files. */
  OwnRuns(Lengths lengths) {
    this.lengths = lengths;
    List<Transport.Factory> bareMessages = Baselines.ofMessages();
    this.bareScript = bareMessages.get(bareMessages.size() - 1);
  }

  /** Of a stage that is played with the server or with Redis. */
  OwnRun of(Stage stage) {
    return switch (stage) {
      case COLD -> overWebSocket(firstMessages(), Map.of(Metric.COLD_P99, p99(TARGETED)));
      case WEBSOCKET_LIVES -> lives();
      case WEBSOCKET_PACED -> paced();
      case WEBSOCKET_MESSAGES ->
          overWebSocket(
              messages(MessagesScenario.Transports.WEBSOCKET),
              Map.of(Metric.WEBSOCKET_MESSAGES, MESSAGES_A_SECOND));
      case BROADCAST -> broadcasts(BROADCAST_RATE, Metric.BROADCAST_P50, Metric.BROADCAST_P99);
      case FAST_BROADCAST ->
          broadcasts(FAST_BROADCAST_RATE, Metric.FAST_BROADCAST_P50, Metric.FAST_BROADCAST_P99);
      case EMBEDDED_LIVES -> embeddedLives();
      case MANY_SWARMS ->
          embedded(
              MANY,
              Map.of(
                  Metric.EMBEDDED_LIVES_MANY_SWARMS,
                  TASKS_A_SECOND,
                  Metric.EMBEDDED_MICROS_MANY_SWARMS,
                  REDIS_MICROS));
      case BARE_LIVES ->
          bareTasks(
              lengths.saturating(),
              Map.of(Metric.BARE_LIVES, TASKS_A_SECOND, Metric.BARE_MICROS, REDIS_MICROS));
      case BARE_PACED ->
          bareTasks(lengths.at(TASK_RATE), Map.of(Metric.BARE_MICROS_AT_RATE, REDIS_MICROS));
      case BARE_MESSAGES ->
          new OwnRun(
              messages(new MessagesScenario.Transports(List.of(bareScript), false, false)),
              "bare script",
              Map.of(Metric.BARE_MESSAGES, MESSAGES_A_SECOND));
      case BULLMQ_LIVES, BULLMQ_PICKUP, JETSTREAM_LIVES, SOCKETIO_BROADCAST ->
          throw new IllegalArgumentException(stage.words() + " is driven by a program of Node");
    };
  }

  private static OwnRun overWebSocket(Scenario scenario, Map<Metric, Reading> readings) {
    return new OwnRun(scenario, "websocket", readings);
  }

  private OwnRun lives() {
    return new OwnRun(
        tasks(SWARMS, lengths.saturating(), TasksScenario.Transports.WEBSOCKET),
        "tasks, websocket",
        Map.of(
            Metric.WEBSOCKET_LIVES,
            TASKS_A_SECOND,
            Metric.WEBSOCKET_MICROS,
            REDIS_MICROS,
            Metric.WEBSOCKET_SERVER_MICROS,
            number("µs of CPU a task, server"),
            Metric.WEBSOCKET_COMMANDS,
            REDIS_COMMANDS));
  }

  private OwnRun paced() {
    return new OwnRun(
        tasks(SWARMS, lengths.at(TASK_RATE), TasksScenario.Transports.WEBSOCKET),
        "tasks, websocket",
        Map.of(
            Metric.WEBSOCKET_MICROS_AT_RATE,
            REDIS_MICROS,
            Metric.WEBSOCKET_COMMANDS_AT_RATE,
            REDIS_COMMANDS,
            Metric.WEBSOCKET_ROUND_TRIPS_AT_RATE,
            number("round trips a task"),
            Metric.WEBSOCKET_PICKUP_P50,
            p50("submit to assigned"),
            Metric.WEBSOCKET_PICKUP_P99,
            p99("submit to assigned")));
  }

  private OwnRun embeddedLives() {
    return embedded(
        SWARMS,
        Map.of(
            Metric.EMBEDDED_LIVES,
            TASKS_A_SECOND,
            Metric.EMBEDDED_MICROS,
            REDIS_MICROS,
            Metric.EMBEDDED_JAVA_MICROS,
            number("µs of CPU a task, harness")));
  }

  private OwnRun embedded(int swarms, Map<Metric, Reading> readings) {
    return new OwnRun(
        tasks(swarms, lengths.saturating(), new TasksScenario.Transports(List.of(), true, false)),
        "tasks, embedded",
        readings);
  }

  private OwnRun bareTasks(Pace pace, Map<Metric, Reading> readings) {
    return new OwnRun(
        tasks(SWARMS, pace, new TasksScenario.Transports(bareTasks, false, false)),
        "tasks, bare scripts",
        readings);
  }

  private Scenario tasks(int swarms, Pace pace, TasksScenario.Transports transports) {
    return new TasksScenario(
        new TasksScenario.Plan(
            new SimulatedSwarms.Size(swarms, 1),
            new TasksScenario.Load(pace, lengths.warmUp(), UNFINISHED),
            new TasksScenario.Work(PAYLOAD, "", CREDIT, Duration.ZERO),
            Duration.ZERO,
            SETTLE,
            transports));
  }

  /** From swarm to swarm as fast as they go. */
  private Scenario messages(MessagesScenario.Transports transports) {
    return messages(SWARMS, 0, lengths.saturating(), lengths.warmUp(), transports);
  }

  private OwnRun broadcasts(double rate, Metric p50, Metric p99) {
    return overWebSocket(
        messages(
            LISTENERS,
            100,
            lengths.at(rate),
            lengths.warmUp(),
            MessagesScenario.Transports.WEBSOCKET),
        Map.of(p50, p50(TO_ALL), p99, p99(TO_ALL)));
  }

  /** Without a warm-up, for a process that has not done anything. */
  private static Scenario firstMessages() {
    return messages(
        SWARMS, 0, Pace.of(COLD_RATE, COLD), Duration.ZERO, MessagesScenario.Transports.WEBSOCKET);
  }

  private static Scenario messages(
      int swarms,
      int broadcasts,
      Pace pace,
      Duration warmUp,
      MessagesScenario.Transports transports) {
    return new MessagesScenario(
        new MessagesScenario.Plan(
            new SimulatedSwarms.Size(swarms, 1),
            new Traffic(pace, warmUp, new Mix(broadcasts, swarms), WINDOW, swarms),
            PAYLOAD,
            SETTLE,
            transports));
  }
}
