package io.multiswarm.load;

import io.multiswarm.load.report.Comparison;
import io.multiswarm.load.report.Comparison.Change;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Says what changed between two reports of 'all' beyond noise: what repetitions differ by"
            + " (--repeat), or a quarter without any. Exit code 1 when a scenario fails that passed"
            + " before.")
final class CompareCommand implements Callable<Integer> {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "<before.json>", description = "The report before.")
  private @Nullable Path before;

  @Parameters(index = "1", paramLabel = "<after.json>", description = "The report after.")
  private @Nullable Path after;

  @Override
  public Integer call() throws Exception {
    JsonNode first = read(before);
    JsonNode second = read(after);
    PrintWriter out = command().commandLine().getOut();
    var verdicts = Comparison.verdicts(first, second);
    verdicts.forEach((scenario, words) -> out.printf("%s: %s%n", scenario, words));
    List<Change> changes = Comparison.changes(first, second);
    changes.forEach(change -> out.print(line(change)));
    if (changes.isEmpty()) {
      out.println("Nothing changed beyond noise.");
    }
    out.flush();
    boolean worse = verdicts.values().stream().anyMatch(words -> words.contains("FAILS"));
    return worse ? ScenarioCommand.FAILED : ScenarioCommand.PASSED;
  }

  private static String line(Change change) {
    return String.format(
        Locale.ROOT,
        "%+8.0f %%  %s: %,.2f → %,.2f%n",
        change.ratio() * 100,
        change.row(),
        change.before(),
        change.after());
  }

  private JsonNode read(@Nullable Path named) throws Exception {
    Path file = Objects.requireNonNull(named, "picocli demands it");
    if (!Files.isReadable(file)) {
      throw new ParameterException(command().commandLine(), "There is no report at " + file);
    }
    try {
      JsonNode report = JSON.readTree(Files.readAllBytes(file));
      if (report.path("runs").isArray()) {
        return report;
      }
    } catch (JacksonException e) {
      throw new ParameterException(
          command().commandLine(), file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new ParameterException(
        command().commandLine(), file + " is no report of 'all': it has no runs");
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "picocli sets it");
  }
}
