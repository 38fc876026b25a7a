package io.multiswarm.load.slowlog;

import io.multiswarm.load.target.SlowCall;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the server's program calls the scripts that Redis knows by their SHA-1. It is asked itself,
 * so that the names are those of the program that was run.
 */
record ScriptNames(Map<String, String> bySha1) {

  private static final String SCRIPTS = "io.multiswarm.internal.redis.Script";

  /** Those of a program. */
  static ScriptNames of(Path jar) {
    Map<String, String> names = new HashMap<>();
    try (var program =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> scripts = program.loadClass(SCRIPTS);
      for (Object script : scripts.getEnumConstants()) {
        names.put(
            (String) scripts.getMethod("sha1").invoke(script),
            script.toString().toLowerCase(Locale.ROOT));
      }
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalArgumentException(jar + " does not tell its scripts", e);
    }
    return new ScriptNames(names);
  }

  /** A script by its name, any other command with its first argument. */
  String of(SlowCall call) {
    List<String> arguments = call.arguments();
    String command = arguments.get(0).toLowerCase(Locale.ROOT);
    if (arguments.size() == 1) {
      return command;
    }
    return command.equals("evalsha")
        ? bySha1.getOrDefault(arguments.get(1), "script " + arguments.get(1))
        : command + " " + arguments.get(1).lines().findFirst().orElse("");
  }
}
