package io.multiswarm.load;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.ReportText;
import io.multiswarm.load.scenario.Scenario;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

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

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Writes the report to this file, too.")
  private @Nullable Path json;

  /**
   * @throws IllegalArgumentException when the options contradict each other, in words for the
   *     person at the keyboard
   */
  abstract Scenario scenario();

  @Override
  public final Integer call() throws Exception {
    Scenario scenario = checked();
    PrintWriter out = commandSpec().commandLine().getOut();
    Report report = new Launcher(server, out).run(scenario);
    out.print(ReportText.of(report));
    out.flush();
    if (json != null) {
      Files.write(json, mapper().writeValueAsBytes(report.asMap()));
    }
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

  private static JsonMapper mapper() {
    return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  }
}
