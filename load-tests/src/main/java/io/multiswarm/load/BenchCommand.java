package io.multiswarm.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
    name = "bench",
    description =
        "Microbenchmarks. What follows goes to JMH as it is: a pattern of names, -l to list, -h for more.")
final class BenchCommand implements Callable<Integer> {

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return ScenarioCommand.PASSED;
  }
}
