package io.multiswarm.server.files;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Looks at files every second, and tells who uses them when they changed. By looking and not by
 * notifications of the file system, which network volumes and container mounts do not give.
 */
public final class FileWatch {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final int MAX_WAITING = 64;
  private static final int IDLE_SECONDS = 60;

  /** Of the process, so that no thread of Netty's has to end it, which takes locks. */
  private static final Scheduler READER =
      Schedulers.newBoundedElastic(1, MAX_WAITING, "multiswarm-files", IDLE_SECONDS, true);

  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  private final List<WatchedFiles<?>> watched = new CopyOnWriteArrayList<>();

  /** Adds files to look at. */
  public void add(WatchedFiles<?> files) {
    watched.add(files);
  }

  /** Looks until disposed. */
  public Disposable start(Scheduler scheduler) {
    if (watched.isEmpty()) {
      return Disposables.disposed();
    }
    return Flux.interval(BETWEEN_LOOKS, scheduler)
        .onBackpressureDrop()
        .concatMap(tick -> Mono.fromRunnable(this::look).subscribeOn(READER), 1)
        .subscribe();
  }

  /** One that fails keeps neither the others nor the next look from coming. */
  private void look() {
    for (WatchedFiles<?> files : watched) {
      try {
        files.look();
      } catch (RuntimeException e) {
        log.error("Looking at a file failed", e);
      }
    }
  }
}
