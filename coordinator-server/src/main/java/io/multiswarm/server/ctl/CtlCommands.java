package io.multiswarm.server.ctl;

import io.multiswarm.server.client.ServerAccess;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ctl} and what stands behind it. */
public final class CtlCommands {

  private CtlCommands() {}

  @Command(
      name = "ctl",
      mixinStandardHelpOptions = true,
      description =
          "Shows and does what the dashboard does, for people and, with --json, for programs.",
      footer = {
        "",
        "Exit codes: 0 done, 1 refused by the server, which says its name, 2 wrong use, 3 the server was not reached."
      })
  static final class Group {

    @Mixin private ServerAccess access = new ServerAccess();

    @Option(
        scope = ScopeType.INHERIT,
        names = "--json",
        description = "For programs: what the server answers, a value a line.")
    private boolean isJson;

    ServerAccess access() {
      return access;
    }

    boolean isJson() {
      return isJson;
    }
  }

  public static CommandLine commandLine(Surroundings surroundings) {
    CommandLine ctl = new CommandLine(new Group());
    commands(surroundings).forEach(ctl::addSubcommand);
    return ctl;
  }

  private static List<CtlCommand> commands(Surroundings all) {
    return List.of(
        new TopCommand(all),
        new SwarmCommands.Swarms(all),
        new SwarmCommands.Swarm(all),
        new TaskCommands.Tasks(all),
        new TaskCommands.Task(all),
        new TaskCommands.Submit(all),
        new TaskCommands.Await(all),
        new TaskCommands.Retry(all),
        new TaskCommands.Cancel(all),
        new TaskCommands.Adopt(all),
        new FleetCommands.Pause(all),
        new FleetCommands.Resume(all),
        new FleetCommands.Leader(all),
        new FleetCommands.Nodes(all),
        new MessageCommands.Send(all),
        new MessageCommands.Listen(all),
        new MessageCommands.Events(all),
        new FleetCommands.Resources(all),
        new FleetCommands.Define(all),
        new FleetCommands.Conflicts(all),
        new FleetCommands.Stats(all),
        new SwarmCommands.Snapshot(all),
        new SwarmCommands.Restore(all),
        new SwarmCommands.Recover(all),
        new NewKeyCommand(all),
        new SwarmCommands.Deregister(all));
  }
}
