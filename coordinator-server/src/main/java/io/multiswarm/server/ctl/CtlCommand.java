package io.multiswarm.server.ctl;

import io.multiswarm.server.client.WireClient;
import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.ServerCommand;
import java.io.PrintWriter;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Mono;

/** A command that talks to a server: one session, which ends with the command. */
abstract class CtlCommand implements ServerCommand.Action {

  private static final String PROGRAM = "ctl";

  private final Surroundings surroundings;

  /** Has the options of all commands, which may stand before the command or behind it. */
  @ParentCommand private CtlCommands.Group common = new CtlCommands.Group();

  CtlCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What is done when the session is open. */
  @FunctionalInterface
  interface Work {

    /** Does it, and gives the exit code. */
    Mono<Integer> on(Console console);
  }

  /** Reads the options, and refuses those that cannot be used before a server is asked. */
  abstract Work prepare();

  Surroundings surroundings() {
    return surroundings;
  }

  @Override
  public final int run(PrintWriter out, PrintWriter err) {
    try {
      return surroundings.await().applyAsInt(inASession(out, prepare(), err));
    } catch (ConfigException wrongUse) {
      return Exit.of(wrongUse, common.isJson(), err);
    }
  }

  private Mono<Integer> inASession(PrintWriter out, Work work, PrintWriter err) {
    return Mono.usingWhen(
            WireClient.open(
                common.access().endpoint(surroundings.environment()),
                PROGRAM,
                surroundings.scheduler()),
            client -> work.on(new Console(client, out, common.isJson(), surroundings.now())),
            WireClient::close,
            (client, error) -> client.close(),
            WireClient::close)
        .onErrorResume(failure -> Mono.fromSupplier(() -> Exit.of(failure, common.isJson(), err)));
  }
}
