package io.multiswarm;

import io.multiswarm.SystemStatistics.CoordinatorStatistics;
import io.multiswarm.election.Leadership;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.registry.RegistryStatistics;
import io.multiswarm.resources.ResourceStatistics;
import io.multiswarm.state.StateStatistics;
import io.multiswarm.tasks.TaskStatistics;
import java.util.List;
import reactor.core.publisher.Mono;

/** Gathers the statistics: those of tasks by a script of their own, all others by one call. */
record SystemStatisticsReader(Components components) {

  private record Kept(StateStatistics state, ResourceStatistics resources) {}

  private record Counted(RegistryStatistics registry, Kept kept) {}

  Mono<SystemStatistics> read() {
    return Mono.zip(
            components.tasks().queue().statistics(),
            Mono.defer(() -> counts().read(components.node().link())))
        .map(read -> statistics(read.getT1(), read.getT2()));
  }

  private Counts<Counted> counts() {
    Counts<Kept> kept =
        components.states().counts().and(components.resources().counts(), Kept::new);
    return components.registry().counts().and(kept, Counted::new);
  }

  private SystemStatistics statistics(TaskStatistics tasks, Counted counted) {
    CoordinatorStatistics here = coordinator(tasks);
    return new SystemStatistics(
        here.node(),
        counted.registry(),
        tasks,
        counted.kept().state(),
        counted.kept().resources(),
        here.messenger(),
        components.election().statistics(),
        components.health().latest(),
        here.heldSwarms(),
        here,
        List.of(here));
  }

  private CoordinatorStatistics coordinator(TaskStatistics tasks) {
    return new CoordinatorStatistics(
        components.node().nodeId(),
        components.election().current() instanceof Leadership.Leader,
        components.node().holdings().size(),
        tasks.tasksDistributed(),
        components.messenger().statistics(),
        components.node().unreadable().count());
  }
}
