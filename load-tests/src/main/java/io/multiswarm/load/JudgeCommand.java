package io.multiswarm.load;

import io.multiswarm.load.history.HistoryReader;
import io.multiswarm.load.history.Operation;
import io.multiswarm.load.judge.Findings;
import io.multiswarm.load.judge.ResourceJudge;
import io.multiswarm.load.judge.TaskHistoryJudge;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description =
        "Judges a history that --history has written: tasks completed twice or by others, attempts"
            + " given twice, resources allocated beyond their total. Exit code 1 when a promise was"
            + " broken.")
final class JudgeCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "<history>", description = "The file.")
  private @Nullable Path file;

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec, "picocli sets it");
    Path history = Objects.requireNonNull(file, "picocli demands it");
    if (!Files.isReadable(history)) {
      throw new ParameterException(command.commandLine(), "There is no history at " + history);
    }
    List<Operation> operations = HistoryReader.read(history);
    PrintWriter out = command.commandLine().getOut();
    TaskHistoryJudge.Verdict tasks = TaskHistoryJudge.judge(operations);
    ResourceJudge.Verdict resources = ResourceJudge.judge(operations);
    out.printf(
        "%,d lines: %,d tasks accepted, %,d completed; %,d resources granted%n",
        operations.size(), tasks.accepted(), tasks.completed(), resources.granted());
    print(out, tasks, tasks.examples());
    print(out, resources, resources.examples());
    boolean clean = tasks.isClean() && resources.isClean();
    out.println(clean ? "PASSED" : "FAILED");
    out.flush();
    return clean ? ScenarioCommand.PASSED : ScenarioCommand.FAILED;
  }

  private static void print(PrintWriter out, Findings findings, List<String> examples) {
    findings.defects().forEach((what, count) -> out.printf("  %,8d  %s%n", count, what));
    examples.forEach(words -> out.printf("            %s%n", words));
  }
}
