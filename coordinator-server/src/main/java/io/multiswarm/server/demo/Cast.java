package io.multiswarm.server.demo;

import io.multiswarm.server.client.Endpoint;
import java.util.List;
import reactor.core.scheduler.Scheduler;

/**
 * Who is in the story.
 *
 * @param observer is no swarm, and hears what the fleet tells of itself
 */
record Cast(Player observer, DemoSwarm backend, DemoSwarm frontend, DemoSwarm devops) {

  static Cast of(Endpoint server, Narrator narrator, Scheduler scheduler) {
    return new Cast(
        new Player("observer", server, scheduler),
        swarm("backend", server, narrator, scheduler),
        swarm("frontend", server, narrator, scheduler),
        swarm("devops", server, narrator, scheduler));
  }

  private static DemoSwarm swarm(
      String id, Endpoint server, Narrator narrator, Scheduler scheduler) {
    return new DemoSwarm(new Player(id, server, scheduler), narrator);
  }

  List<DemoSwarm> swarms() {
    return List.of(backend, frontend, devops);
  }

  DemoSwarm named(String id) {
    return swarms().stream().filter(swarm -> swarm.id().equals(id)).findFirst().orElseThrow();
  }
}
