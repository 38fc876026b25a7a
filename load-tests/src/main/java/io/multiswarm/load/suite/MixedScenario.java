package io.multiswarm.load.suite;

import io.multiswarm.load.messages.MessagesScenario;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.tasks.TasksScenario;
import reactor.core.publisher.Mono;

/**
 * A day of agents in a minute: swarms talk and hand out work at the same time, in bursts with time
 * to think between them, and more at once than the workers are ready for; now and then a task takes
 * longer than its lease, which the server renews.
 *
 * <p><b>Invariant.</b> Those of {@link MessagesScenario} and of {@link TasksScenario}, for all of
 * it: every message reaches each subscriber once and in order, or a gap is announced; each task is
 * completed once, however long it takes, and nobody is given more than they asked for; and nothing
 * is refused.
 */
final class MixedScenario implements Scenario {

  private final MessagesScenario messages;
  private final TasksScenario tasks;

  /**
   * @param messages how they talk
   * @param tasks and how they work
   */
  public MixedScenario(MessagesScenario messages, TasksScenario tasks) {
    this.messages = messages;
    this.tasks = tasks;
  }

  @Override
  public String promise() {
    return "In bursts and beside long tasks, no message is lost and each task is completed once.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    ScenarioContext both = context.inLines();
    return Mono.zip(messages.run(both), tasks.run(both))
        .map(
            parts -> {
              var report = new Report("mixed");
              report.include(parts.getT1());
              report.include(parts.getT2());
              return report;
            });
  }
}
