package io.multiswarm.tasks;

import io.multiswarm.tasks.TaskStrategy.Candidate;
import io.multiswarm.tasks.TaskStrategy.Ranking;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A strategy that is an order of candidates, kept as a tree. */
record OrderedStrategy(
    String name, boolean ranksByPriority, Function<Lane, Comparator<Candidate>> order)
    implements TaskStrategy {

  @Override
  public Ranking ranking(Lane lane, @Nullable String cursor) {
    return new Ordered(new TreeSet<>(order.apply(lane)));
  }

  private record Ordered(TreeSet<Candidate> candidates) implements Ranking {

    @Override
    public void add(Candidate candidate) {
      candidates.add(candidate);
    }

    @Override
    public void remove(Candidate candidate) {
      candidates.remove(candidate);
    }

    @Override
    public @Nullable Candidate first() {
      return candidates.isEmpty() ? null : candidates.first();
    }
  }
}
