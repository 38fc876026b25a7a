package io.multiswarm.load.target;

import reactor.core.publisher.Mono;

/** Signals for which Java has no method. */
enum UnixSignal {
  /** The process stands still; its connections stay. */
  STOP,
  /** It goes on. */
  CONT;

  Mono<Void> send(Process process) {
    return Blocking.call(
            () -> new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid())).start())
        .flatMap(kill -> Mono.fromFuture(kill.onExit()))
        .filter(kill -> kill.exitValue() == 0)
        .switchIfEmpty(
            Mono.error(
                () ->
                    new IllegalStateException(
                        "The process %d could not be sent %s".formatted(process.pid(), name()))))
        .then();
  }
}
