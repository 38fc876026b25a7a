package io.multiswarm.load.messages;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The same traffic between few swarms, more and many, so that what grows with them shows.
 *
 * <p><b>Invariant.</b> That of {@link MessagesScenario}, at each size.
 */
public final class ScaleScenario implements Scenario {

  private static final List<String> COSTS =
      List.of("µs of CPU a message, server", "µs of CPU a message, redis");

  private final List<Integer> sizes;
  private final IntFunction<MessagesScenario> messages;

  /**
   * @param sizes in swarms
   * @param messages the traffic between so many
   */
  public ScaleScenario(List<Integer> sizes, IntFunction<MessagesScenario> messages) {
    this.sizes = List.copyOf(sizes);
    this.messages = messages;
  }

  @Override
  public String promise() {
    return "However many swarms there are, every message reaches its subscriber once and in order.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    var report = new Report("scale");
    return Flux.fromIterable(sizes)
        .concatMap(
            swarms -> {
              context.mark("%,d swarms".formatted(swarms));
              return messages
                  .apply(swarms)
                  .run(context)
                  .doOnNext(part -> add(part, swarms, report));
            },
            1)
        .then(Mono.just(report));
  }

  private static void add(Report part, int swarms, Report report) {
    Report.Section section = report.section("%,d swarms".formatted(swarms));
    Map<String, Object> rows = part.rows(WebSocketTransport.NAME);
    rows.forEach(section::row);
    for (String cost : COSTS) {
      part.number(WebSocketTransport.NAME, cost)
          .ifPresent(value -> section.row("%s with %,d swarms".formatted(cost, swarms), value));
    }
    part.percentile99(WebSocketTransport.NAME, "targeted delivery")
        .ifPresent(value -> section.row("p99 in ms with %,d swarms".formatted(swarms), value));
    part.defects().forEach(defect -> report.defect("%,d swarms: %s".formatted(swarms, defect)));
  }
}
