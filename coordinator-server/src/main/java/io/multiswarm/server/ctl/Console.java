package io.multiswarm.server.ctl;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.Tree;
import io.multiswarm.server.client.WireClient;
import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.logging.Escapes;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A session with a server, and where what it says is written.
 *
 * @param isJson whether for a program
 * @param now the time, to tell ages
 */
record Console(WireClient client, PrintWriter out, boolean isJson, Supplier<Instant> now) {

  /**
   * Calls a method.
   *
   * @param params names and values by turns; those without a value are left out
   */
  Mono<Tree> call(String method, @Nullable Object... params) {
    return client.call(method, params(params)).map(Tree::new);
  }

  static Json params(@Nullable Object... params) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < params.length; i += 2) {
      if (params[i + 1] != null) {
        members.put(String.valueOf(params[i]), Json.of(params[i + 1]));
      }
    }
    return Json.object(members);
  }

  /** Prints the answer as it came, or as people read it. */
  Mono<Integer> show(Mono<Tree> answer, Consumer<Tree> forPeople) {
    return answer
        .doOnNext(
            tree -> {
              if (isJson) {
                print(tree.json());
              } else {
                forPeople.accept(tree);
              }
            })
        .thenReturn(Exit.DONE);
  }

  /** The same value, with nothing in it that a terminal obeys: all of it stands in strings. */
  static String text(Json json) {
    return Escapes.escape(json.toString());
  }

  /** One value, in a line of its own. */
  void print(Json json) {
    out.println(text(json));
    written(out);
  }

  void print(Table table) {
    table.lines().forEach(out::println);
    written(out);
  }

  /** Text of whatever origin, in one line. */
  void print(String line) {
    out.println(Escapes.escape(line));
    written(out);
  }

  /** Whoever prints to nobody must not say that it is done, nor go on for ever. */
  static void written(PrintWriter out) {
    if (out.checkError()) { // which flushes
      throw new ConfigException("standard output is closed, or its disk is full");
    }
  }

  /** A fact with its name, unless there is none. */
  void fact(String name, String text) {
    if (!text.isEmpty()) {
      print("%-14s%s".formatted(name, text));
    }
  }

  String age(long millis) {
    return Times.age(millis, now.get());
  }
}
