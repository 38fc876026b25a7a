package io.multiswarm.server.ctl;

import picocli.CommandLine.Command;
import reactor.core.publisher.Mono;

/** For a swarm whose key is lost. */
@Command(
    name = "newkey",
    mixinStandardHelpOptions = true,
    description = {
      "Gives a swarm whose key is lost another, and prints it; takes the scope admin.",
      "The former key is good no more. Who holds the swarm is FENCED, what it had goes to others."
    })
final class NewKeyCommand extends SwarmCommands.OfOneSwarm {

  NewKeyCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Mono<Integer> on(Console console, String id) {
    return console.show(
        console.call("swarm.attach", "swarmId", id, "newKey", true),
        attached -> console.print(attached.text("key")));
  }
}
