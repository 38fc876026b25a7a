package io.multiswarm.load.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The scripts of tasks, each broken in one way that such systems are broken in. */
enum Mutant {
  NONE(List.of(), ""),

  /** The task leaves the queue, and nothing says who has it. */
  POPS_INSTEAD_OF_MOVING(
      List.of("task_assign.lua"),
      """
      local whole = redis
      local redis = setmetatable({ call = function(...)
        local command, key = ...
        if command == 'ZADD' and (key == KEYS[8] or key == KEYS[9]) then
          return 0
        end
        return whole.call(...)
      end }, { __index = whole })
      """),

  /** Whoever reports a task as completed is taken for the one who has it. */
  COMPLETES_ANY_ATTEMPT(
      List.of("task_complete.lua"),
      """
      for a = 5, #ARGV, 5 do
        local status, attempt, swarm =
          string.match(redis.call('HGET', KEYS[2], ARGV[a]) or '', '^(%a+):(%d+):([^:]*):')
        if status == 'assigned' or status == 'completed' then
          ARGV[a + 1], ARGV[a + 2], ARGV[a + 3] = swarm, '0', attempt
        end
      end
      """),

  /** Tasks of the dead stay theirs. */
  NEVER_RECLAIMS(
      List.of("task_return.lua", "task_expire.lua"),
      """
      do
        return { 'OK', KEYS[22] and 0 or -1 }
      end
      """),

  ASSIGNS_WITHOUT_FENCE(List.of("task_assign.lua"), "") {
    @Override
    String mutate(String source) {
      String fence = "-- #include lib/leader\n";
      if (!source.contains(fence)) {
        throw new IllegalStateException("The fence is somewhere else now");
      }
      return source.replace(fence, fence + "local function leader_check() return 'OK' end\n");
    }
  };

  private static final String DIRECTORY = "io/multiswarm/lua/";

  private final List<String> files;
  private final String prelude;

  /**
   * @param prelude Lua that runs before the rest
   */
  Mutant(List<String> files, String prelude) {
    this.files = files;
    this.prelude = prelude;
  }

  /** The changed scripts, by the names of their resources. */
  Map<String, byte[]> scripts() {
    Map<String, byte[]> scripts = new TreeMap<>();
    for (String file : files) {
      String name = DIRECTORY + file;
      scripts.put(name, mutate(read(name)).getBytes(StandardCharsets.UTF_8));
    }
    return scripts;
  }

  /** After the first line, which may hold the script's flags. */
  String mutate(String source) {
    int body = source.startsWith("#!") ? source.indexOf('\n') + 1 : 0;
    return source.substring(0, body) + prelude + source.substring(body);
  }

  private static String read(String name) {
    try (InputStream in = Mutant.class.getClassLoader().getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
