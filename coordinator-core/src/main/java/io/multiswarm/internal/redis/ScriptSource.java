package io.multiswarm.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The text of a script with its libraries in place, and what {@code EVALSHA} calls it.
 *
 * <p>Redis creates every function of a script with each call, used or not, and collects it as
 * garbage afterwards. So the functions that a script does not reach are left out, and so are lines
 * of comment.
 */
record ScriptSource(String text, String sha1) {

  private static final String DIRECTORY = "/io/multiswarm/lua/";
  private static final String INCLUDE = "-- #include ";

  /** Read once: a library is in many scripts, and all of them are put together at the start. */
  private static final Map<String, List<LuaPart>> LIBRARIES = new ConcurrentHashMap<>();

  static ScriptSource load(String file) {
    String text = withoutUnusedFunctions(parts(file));
    return new ScriptSource(text, Checksum.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<LuaPart> parts(String file) {
    List<LuaPart> parts = new ArrayList<>();
    StringBuilder code = new StringBuilder();
    for (String line : read(file).split("\n")) {
      if (line.startsWith(INCLUDE)) {
        parts.addAll(LuaPart.of(code.toString()));
        code.setLength(0);
        parts.addAll(library(line.substring(INCLUDE.length())));
      } else if (!line.stripLeading().startsWith("--")) {
        code.append(line).append('\n');
      }
    }
    parts.addAll(LuaPart.of(code.toString()));
    return parts;
  }

  private static List<LuaPart> library(String name) {
    return LIBRARIES.computeIfAbsent(name, known -> parts(known + ".lua"));
  }

  static String withoutUnusedFunctions(List<LuaPart> parts) {
    Map<String, LuaPart> functions = new HashMap<>();
    Set<LuaPart> used = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<LuaPart> unread = new ArrayDeque<>();
    for (LuaPart part : parts) {
      if (part.function() != null) {
        functions.put(part.function(), part);
      } else if (used.add(part)) {
        unread.push(part);
      }
    }
    while (!unread.isEmpty()) {
      for (String word : unread.pop().words()) {
        LuaPart function = functions.get(word);
        if (function != null && used.add(function)) {
          unread.push(function);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    parts.stream().filter(used::contains).map(LuaPart::text).forEach(text::append);
    return text.toString();
  }

  private static String read(String file) {
    try (InputStream in = ScriptSource.class.getResourceAsStream(DIRECTORY + file)) {
      if (in == null) {
        throw new IllegalStateException("Lua script " + file + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
