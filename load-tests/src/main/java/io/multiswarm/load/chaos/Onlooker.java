package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.SharedRedis;
import reactor.core.publisher.Mono;

/** Somebody who measures beside a run, and has a part in its report. */
public interface Onlooker {

  /** Sees nothing. */
  Onlooker NOBODY =
      new Onlooker() {
        @Override
        public Mono<Void> watch(ServerSlots servers, SharedRedis redis, ScenarioContext context) {
          return Mono.never();
        }

        @Override
        public void addTo(Report report) {}
      };

  /** Never completes: it is ended with the run. */
  Mono<Void> watch(ServerSlots servers, SharedRedis redis, ScenarioContext context);

  /** What was seen, and what of it is a defect. */
  void addTo(Report report);
}
