package io.multiswarm.load;

import io.multiswarm.load.history.History;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.ReportText;
import io.multiswarm.load.report.RunRecord;
import io.multiswarm.load.report.SuiteReport;
import io.multiswarm.load.scenario.Scenario;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What every scenario's command does: check the options, run, print, and say by the exit code how
 * it went.
 */
abstract class ScenarioCommand implements Callable<Integer> {

  static final int PASSED = 0;
  static final int FAILED = 1;
  static final int WRONG_USE = 2;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private RunFiles files = new RunFiles();

  /**
   * @throws IllegalArgumentException when the options contradict each other, in words for the
   *     person at the keyboard
   */
  abstract Scenario scenario();

  @Override
  public final Integer call() throws Exception {
    Scenario scenario = checked();
    PrintWriter out = commandSpec().commandLine().getOut();
    History history = files.newHistory();
    Launcher.Outcome outcome = new Launcher(server, out).run(scenario, history);
    Report report = outcome.report();
    out.print(ReportText.of(report));
    out.flush();
    var run =
        new RunRecord(
            commandSpec().name(),
            scenario.promise(),
            1,
            outcome.seconds(),
            report,
            outcome.timeline());
    files.write(report.asMap(), new SuiteReport(Facts.of(arguments()), List.of(run)), history);
    return report.isClean() ? PASSED : FAILED;
  }

  final ServerOptions server() {
    return server;
  }

  private Scenario checked() {
    try {
      server.check();
      return scenario();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec, "picocli sets it");
  }

  private List<String> arguments() {
    CommandLine top = commandSpec().commandLine();
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return top.getParseResult().originalArgs();
  }
}
