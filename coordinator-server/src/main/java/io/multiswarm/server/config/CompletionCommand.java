package io.multiswarm.server.config;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete the command line. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script that completes this command in bash and zsh:",
      "source <(… completion), with an alias or a script of that name."
    })
final class CompletionCommand implements ServerCommand.Action {

  @Option(
      names = "--name",
      defaultValue = "coordinator-server",
      paramLabel = "<command>",
      description = "What the command is called: ${DEFAULT-VALUE}.")
  String name = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public int run(PrintWriter out, PrintWriter err) {
    CommandLine all = Objects.requireNonNull(spec).root().commandLine();
    out.print(AutoComplete.bash(name, all));
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
