package io.multiswarm.server.work;

import io.multiswarm.common.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command's end means for its task. The table is in docs/agents.md. */
sealed interface CommandOutcome {

  /** EX_TEMPFAIL of sysexits.h. */
  int TRY_AGAIN = 75;

  /** Of the shell: found and not executable, and not found. */
  int NOT_EXECUTABLE = 126;

  int NOT_FOUND = 127;

  /** Of the shell: this and the signal's number. */
  int BY_SIGNAL = 128;

  int LAST_SIGNAL = 64;

  record Completed(Json result) implements CommandOutcome {}

  /**
   * @param retry whether another attempt may do better
   * @param ofThisMachine whether another command would fare no better here
   */
  record Failed(Json error, boolean retry, boolean ofThisMachine) implements CommandOutcome {

    Failed(String message, boolean retry) {
      this(Json.of(Map.of("message", message)), retry, false);
    }
  }

  /**
   * @param retryAny whether every failure is tried again
   * @param errors the last of what it wrote to standard error
   */
  static CommandOutcome failed(int exitCode, boolean retryAny, String errors) {
    boolean bySignal = exitCode > BY_SIGNAL;
    boolean notRun = exitCode == NOT_EXECUTABLE || exitCode == NOT_FOUND;
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("exitCode", exitCode);
    if (bySignal && exitCode <= BY_SIGNAL + LAST_SIGNAL) {
      error.put("signal", exitCode - BY_SIGNAL);
    }
    error.put("message", errors.isBlank() ? "exit code " + exitCode : errors.strip());
    return new Failed(
        Json.of(error), retryAny || exitCode == TRY_AGAIN || bySignal || notRun, false);
  }

  /** The command was not run, or its result not read, for a reason of this machine. */
  static CommandOutcome notRun(String why) {
    return new Failed(Json.of(Map.of("message", why)), true, true);
  }

  static CommandOutcome tooLarge(Path file, int most) {
    return new Failed("%s is larger than %d bytes".formatted(file.getFileName(), most), false);
  }

  static CommandOutcome noFile(Path file) {
    return new Failed("%s is no regular file".formatted(file.getFileName()), false);
  }

  /** The command took longer than it may. */
  static CommandOutcome overTime(Duration limit) {
    return new Failed("ran longer than " + limit.toSeconds() + " s", true);
  }
}
