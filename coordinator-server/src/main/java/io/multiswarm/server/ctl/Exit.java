package io.multiswarm.server.ctl;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.server.client.NotReachedException;
import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.ServerCommand;
import io.multiswarm.server.logging.Escapes;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.Exceptions;

/** The exit codes, and what is said on standard error with those that are not 0. */
final class Exit {

  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int WRONG_USE = 2;
  static final int NOT_REACHED = 3;

  private Exit() {}

  static int of(Throwable failure, boolean isJson, PrintWriter err) {
    Throwable cause = Exceptions.unwrap(failure);
    if (cause instanceof CoordinationException refusal) {
      return told(refusal.code().name(), refusal.message(), isJson, err, REFUSED);
    }
    if (cause instanceof NotReachedException) {
      return told("NOT_REACHED", String.valueOf(cause.getMessage()), isJson, err, NOT_REACHED);
    }
    if (cause instanceof ConfigException) {
      return told("WRONG_USE", String.valueOf(cause.getMessage()), isJson, err, WRONG_USE);
    }
    throw Exceptions.propagate(cause);
  }

  private static int told(String name, String message, boolean isJson, PrintWriter err, int code) {
    if (isJson) {
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("name", name);
      error.put("message", message);
      err.println(Console.text(Json.of(Map.of("error", error))));
    } else {
      err.println(ServerCommand.NAME + " ctl: " + name + ": " + Escapes.escape(message));
    }
    err.flush();
    return code;
  }
}
