package io.multiswarm.server.work;

import java.io.IOException;
import reactor.core.scheduler.Scheduler;

/**
 * What running a command takes.
 *
 * @param loop the runner's thread, which must not wait
 * @param blocking threads that may
 */
record Workshop(
    WorkSettings settings,
    StateDirectory state,
    WorkPlaces directories,
    Supervision supervision,
    Scheduler loop,
    Scheduler blocking) {

  /** Opens the runner's directory. */
  static Workshop open(WorkSettings settings, Scheduler loop, Scheduler blocking)
      throws IOException {
    StateDirectory state = StateDirectory.open(settings.places().state());
    return new Workshop(
        settings,
        state,
        new WorkPlaces(state, settings.places()),
        Supervision.ofThisMachine(),
        loop,
        blocking);
  }

  WorkSettings.Commands commands() {
    return settings.commands();
  }

  WorkSettings.Places places() {
    return settings.places();
  }
}
