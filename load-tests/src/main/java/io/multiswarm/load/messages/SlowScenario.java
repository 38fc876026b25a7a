package io.multiswarm.load.messages;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerHeap;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Sockets that stop reading broadcasts and read again later, while others go on. */
public final class SlowScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param others swarms that broadcast and hear all broadcasts, a session each
   * @param silent sockets that stop reading
   * @param payload bytes of each broadcast's data
   * @param alone the traffic of the others before the silent ones come
   * @param beside their traffic while the silent ones read nothing
   * @param settle how long nothing may arrive before what is missing counts as lost
   */
  public record Plan(
      int others,
      int silent,
      int payload,
      Traffic alone,
      Traffic beside,
      Duration settle,
      Promise promise) {

    /** After 30 s of taking nothing the server closes. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(25);

    public Plan {
      if (silent < 1) {
        throw new IllegalArgumentException("At least one socket falls silent, not " + silent);
      }
      if (beside.pace().duration().compareTo(LONGEST_SILENCE) > 0) {
        throw new IllegalArgumentException(
            "A silence of over %d s is not in time: the server closes sockets that take nothing for 30 s"
                .formatted(LONGEST_SILENCE.toSeconds()));
      }
    }
  }

  /**
   * What must hold.
   *
   * @param heapBytes by which the server's heap may grow
   * @param factor by which the others' p99 may grow
   */
  public record Promise(long heapBytes, double factor) {}

  private final Plan plan;

  public SlowScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "Sockets that stop reading cost bounded memory and nobody else's time, and miss"
        + " nothing without being told.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    ProcessHandle server =
        context
            .server()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "This scenario looks at the heap of a server that it started itself, so it takes no --url"));
    return Mono.usingWhen(
        ServerHeap.of(server),
        heap -> new SlowRun(plan, context, heap).report(),
        ServerHeap::close);
  }
}
