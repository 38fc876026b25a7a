package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.registry.SwarmSignal;
import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.store.TaskTransitions.Move;
import io.multiswarm.tasks.TaskStrategies;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The leader's distribution of tasks, one {@link Term} a leadership. Signals reach the term that
 * lasts; without one they mean nothing, because a term begins by reading what they told.
 */
public final class Distributor implements Duty.Continuous<Leader>, TaskTransitions.Listener {

  private final NodeContext context;
  private final Assigner assigner;
  private final FleetReader fleet;
  private final TaskStrategies strategies;
  private volatile @Nullable Term term;

  public Distributor(
      NodeContext context, Assigner assigner, FleetReader fleet, TaskStrategies strategies) {
    this.context = context;
    this.assigner = assigner;
    this.fleet = fleet;
    this.strategies = strategies;
    context.signals().on("task-credit", this::credit);
    context.signals().on("task-due", this::due);
    context.signals().on("task-strategy", name -> tell(present -> present.useStrategy(name)));
    context.signals().on("task-paused", on -> tell(present -> present.pause(on.equals("1"))));
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.INTERRUPTED, this::gone);
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.ENDED, this::gone);
    SwarmSignal.on(
        context.signals(),
        SwarmSignal.Kind.CHANGED,
        signal -> tell(present -> present.changed(signal.swarmId())));
  }

  @Override
  public String name() {
    return "task distribution";
  }

  @Override
  public Flux<?> perform(Leader leader) {
    return Flux.using(() -> begin(leader), Term::run, this::end);
  }

  private Term begin(Leader leader) {
    Term begun =
        new Term(
            new RedisTermStore(leader, assigner),
            fleet,
            new FleetView(new Rankings(strategies)),
            context.scheduler());
    term = begun;
    return begun;
  }

  private void end(Term ended) {
    if (term == ended) {
      term = null;
    }
  }

  @Override
  public boolean isListening() {
    return term != null;
  }

  @Override
  public void moved(Move move) {
    String place = move.place();
    if (place != null) {
      tell(present -> present.pending(place));
    }
  }

  @Override
  public void load(String swarmId, int load) {
    tell(present -> present.load(swarmId, load));
  }

  @Override
  public void reset() {
    tell(Term::readAnew);
  }

  private void credit(String text) {
    Term present = term;
    if (present != null) {
      for (String line : text.split("\n")) {
        int space = line.indexOf(' ');
        present.credit(line.substring(0, space), Credit.parse(line.substring(space + 1)));
      }
    }
  }

  private void due(String text) {
    Term present = term;
    if (present != null) {
      for (String place : text.split("\n")) {
        present.pending(place);
      }
    }
  }

  private void tell(java.util.function.Consumer<Term> message) {
    Term present = term;
    if (present != null) {
      message.accept(present);
    }
  }

  private void gone(SwarmSignal signal) {
    tell(present -> present.left(signal.swarmId()));
  }
}
