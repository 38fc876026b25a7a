package io.multiswarm.load;

import io.multiswarm.load.history.History;
import io.multiswarm.load.report.HtmlReport;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.ReportText;
import io.multiswarm.load.report.RunRecord;
import io.multiswarm.load.report.SuiteReport;
import io.multiswarm.load.report.Timeline;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.Seed;
import io.multiswarm.load.suite.Catalogue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "all",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Every scenario in its short form, one after the other, each with servers of its own; and one"
            + " report of them all. Exit code 1 when any promise was broken.")
final class AllCommand implements Callable<Integer> {

  private static final String DIRECTORY = "load-report";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--list", description = "Says which scenarios there are, and runs none.")
  private boolean list;

  @Option(
      names = "--only",
      paramLabel = "<name>",
      split = ",",
      description = "Runs these alone, such as messages,chaos.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--skip", paramLabel = "<name>", split = ",", description = "Leaves these out.")
  private List<String> skip = new ArrayList<>();

  @Option(
      names = "--redis-server",
      paramLabel = "<file>",
      description =
          "The program that slowlog looks at, such as the one that a server here takes by itself."
              + " Default: the bundled one, which is allowed twice the time")
  private @Nullable Path redisServer;

  @Mixin private Seed seed = new Seed();

  @Option(
      names = "--brief",
      description =
          "Each for a few seconds, to see that it works: what is measured then says little.")
  private boolean brief;

  @Option(
      names = "--repeat",
      paramLabel = "<n>",
      defaultValue = "1",
      description =
          "How often each is run, so that 'compare' knows the noise. Default: ${DEFAULT-VALUE}")
  private int repeat;

  @Option(
      names = "--out",
      paramLabel = "<directory>",
      defaultValue = DIRECTORY,
      description =
          "Where report.json, report.html and the histories go. Default: ${DEFAULT-VALUE}")
  private Path out = Path.of(DIRECTORY);

  @Override
  public Integer call() throws Exception {
    Map<String, LongFunction<Scenario>> scenarios = catalogue().scenarios();
    if (list) {
      scenarios.forEach((name, maker) -> say("%-11s %s%n", name, maker.apply(0).promise()));
      return ScenarioCommand.PASSED;
    }
    List<String> chosen = chosen(scenarios);
    long used = seed.value();
    Files.createDirectories(out);
    List<RunRecord> runs = new ArrayList<>();
    for (int repetition = 1; repetition <= repeat; repetition++) {
      for (String name : chosen) {
        say("%n=== %s, %d of %d (seed %d)%n", name, runs.size() + 1, repeat * chosen.size(), used);
        runs.add(run(name, maker(scenarios, name).apply(used), repetition));
        write(new SuiteReport(facts(used, chosen), runs));
      }
    }
    return conclude(runs);
  }

  private static LongFunction<Scenario> maker(
      Map<String, LongFunction<Scenario>> scenarios, String name) {
    return Objects.requireNonNull(scenarios.get(name), name);
  }

  private Catalogue catalogue() {
    try {
      server.check();
      return new Catalogue(
          server.serverJar(),
          server.serverFlags(),
          server.topology(),
          Optional.ofNullable(redisServer),
          brief ? Catalogue.Form.BRIEF : Catalogue.Form.USUAL);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command().commandLine(), e.getMessage(), e);
    }
  }

  private List<String> chosen(Map<String, ?> scenarios) {
    List<String> all = new ArrayList<>(only);
    all.addAll(skip);
    for (String name : all) {
      if (!scenarios.containsKey(name)) {
        throw wrong(
            "There is no scenario %s; there are %s"
                .formatted(name, String.join(", ", scenarios.keySet())));
      }
    }
    List<String> chosen =
        scenarios.keySet().stream()
            .filter(name -> only.isEmpty() || only.contains(name))
            .filter(name -> !skip.contains(name))
            .toList();
    if (chosen.isEmpty() || repeat < 1) {
      throw wrong("--only, --skip and --repeat leave nothing to run");
    }
    return chosen;
  }

  /** One that could not be measured has failed, and the others go on. */
  private RunRecord run(String name, Scenario scenario, int repetition) throws IOException {
    History history = History.recording();
    PrintWriter terminal = command().commandLine().getOut();
    RunRecord record;
    try {
      Launcher.Outcome outcome = new Launcher(server, terminal).run(scenario, history);
      record =
          new RunRecord(
              name,
              scenario.promise(),
              repetition,
              outcome.seconds(),
              outcome.report(),
              outcome.timeline());
    } catch (RuntimeException e) {
      Report failed = new Report(name);
      failed.defect("nothing was measured: " + (e.getMessage() == null ? e : e.getMessage()));
      record = new RunRecord(name, scenario.promise(), repetition, 0, failed, new Timeline());
    }
    say("%s", ReportText.of(record.report()));
    history.write(out.resolve("%s-%d.history.jsonl".formatted(name, repetition)));
    return record;
  }

  private Map<String, String> facts(long used, List<String> chosen) {
    List<String> again =
        new ArrayList<>(
            List.of(
                "all",
                "--only",
                String.join(",", chosen),
                "--seed",
                Long.toString(used),
                "--repeat",
                Integer.toString(repeat),
                "--topology",
                server.topology().kind().toString()));
    if (brief) {
      again.add("--brief");
    }
    Map<String, String> facts = Facts.of(again);
    facts.put("topology", server.topology().toString());
    facts.put("seed", Long.toString(used));
    return facts;
  }

  /** After each run, so that what was seen is kept whatever comes. */
  private void write(SuiteReport report) {
    try {
      RunFiles.writeJson(out.resolve("report.json"), report.asMap());
      Files.writeString(out.resolve("report.html"), HtmlReport.of(report));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int conclude(List<RunRecord> runs) {
    say("%n");
    for (RunRecord run : runs) {
      say(
          "%s  %-11s %6.0f s  %s%n",
          run.isClean() ? "passed" : "FAILED",
          run.name(),
          run.seconds(),
          run.isClean() ? "" : run.report().defects().get(0));
    }
    say("%nThe report: %s%n", out.resolve("report.html").toAbsolutePath());
    return runs.stream().allMatch(RunRecord::isClean)
        ? ScenarioCommand.PASSED
        : ScenarioCommand.FAILED;
  }

  private void say(String format, Object... arguments) {
    PrintWriter terminal = command().commandLine().getOut();
    terminal.printf(Locale.ROOT, format, arguments);
    terminal.flush();
  }

  private ParameterException wrong(String words) {
    return new ParameterException(command().commandLine(), words);
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "picocli sets it");
  }
}
