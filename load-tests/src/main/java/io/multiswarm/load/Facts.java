package io.multiswarm.load;

import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.embedded.RedisExecProvider;

/** What somebody must know to repeat a run, or to compare it with one of another machine. */
final class Facts {

  private static final String UNKNOWN = "unknown";

  private Facts() {}

  /**
   * @param arguments the harness's command line
   */
  static Map<String, String> of(List<String> arguments) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "date",
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'")
            .format(ZonedDateTime.now(ZoneOffset.UTC)));
    facts.put(
        "machine",
        "%d cores, %d MB of memory, %s %s, %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                memory() >> 20,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    facts.put(
        "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    facts.put("harness", version());
    facts.put("Redis, where the harness starts one", RedisExecProvider.redisVersion);
    facts.put("repeat with", "java -jar load-tests.jar " + String.join(" ", arguments));
    return facts;
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static String version() {
    String version = Facts.class.getPackage().getImplementationVersion();
    return version == null ? UNKNOWN : version;
  }
}
