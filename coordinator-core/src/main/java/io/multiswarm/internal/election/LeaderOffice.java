package io.multiswarm.internal.election;

import io.multiswarm.election.Election;
import io.multiswarm.election.Leadership;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Office;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** Leadership as the office of duties. Renewals begin no term, nor do changes between others. */
public record LeaderOffice(Election election) implements Office<Leader> {

  @Override
  public Flux<Optional<Leader>> terms() {
    return election
        .leadership()
        .distinctUntilChanged(LeaderOffice::epoch)
        .map(LeaderOffice::leading);
  }

  @Override
  public Optional<Leader> stillHeld(Leader term) {
    return leading(election.current()).filter(leader -> leader.isSameTermAs(term));
  }

  @Override
  public void fenced(Leader term) {
    election.fenced(term.epoch());
  }

  private static Optional<Leader> leading(Leadership leadership) {
    return leadership instanceof Leader leader ? Optional.of(leader) : Optional.empty();
  }

  private static long epoch(Leadership leadership) {
    return leading(leadership).map(Leader::epoch).orElse(0L);
  }
}
