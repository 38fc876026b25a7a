package io.multiswarm.server.ctl;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** How much a terminal shows. */
record TerminalSize(int lines, int columns) {

  static final TerminalSize UNBOUNDED = new TerminalSize(Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static final TerminalSize USUAL = new TerminalSize(24, 80);
  private static final Pattern STTY = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})");

  /**
   * Asks the terminal by {@code stty}; the usual size when that does not tell.
   *
   * @param starter whose threads may start processes
   */
  static Mono<TerminalSize> ask(Scheduler starter) {
    return Mono.fromCallable(TerminalSize::stty)
        .subscribeOn(starter)
        .flatMap(process -> Mono.fromFuture(process.onExit()))
        .map(TerminalSize::read)
        .onErrorReturn(USUAL);
  }

  /** Whether what is printed goes to a terminal; waits for the shell that tells. */
  static boolean isTerminal() {
    try {
      Process test =
          new ProcessBuilder("sh", "-c", "test -t 1")
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      return test.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Process stty() throws IOException {
    return new ProcessBuilder("stty", "size")
        .redirectInput(new File("/dev/tty"))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static TerminalSize read(Process ended) {
    try (BufferedReader output = ended.inputReader()) {
      Matcher size = STTY.matcher(String.valueOf(output.readLine()));
      return size.matches()
          ? new TerminalSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)))
          : USUAL;
    } catch (IOException e) {
      return USUAL;
    }
  }
}
