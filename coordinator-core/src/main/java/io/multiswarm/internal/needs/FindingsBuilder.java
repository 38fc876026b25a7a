package io.multiswarm.internal.needs;

import io.multiswarm.health.RedisFindings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one probe found, put into words. Of one probe, whose steps follow each other. */
public final class FindingsBuilder {

  private final String pattern;
  private final Map<String, String> facts = new HashMap<>();
  private final Map<NeededCommand, String> refused = new EnumMap<>(NeededCommand.class);
  private final List<String> obstacles = new ArrayList<>();
  private String user = "";

  /**
   * @param pattern of the keys and channels of the fleet
   */
  public FindingsBuilder(String pattern) {
    this.pattern = pattern;
  }

  /** The names that HELLO has: {@code version}, {@code mode}, {@code role}. */
  public void hello(Map<String, String> told) {
    facts.putAll(told);
  }

  public void user(String name) {
    user = name;
  }

  /** What a section of INFO has; what HELLO told before stays. */
  public void info(Map<String, String> told) {
    told.forEach(facts::putIfAbsent);
    fallback("version", told.get("redis_version"));
    fallback("mode", told.get("redis_mode"));
  }

  private void fallback(String name, @Nullable String value) {
    if (value != null) {
      facts.putIfAbsent(name, value);
    }
  }

  /** Whether there is nothing to be tried: it is too old, or none that keeps data. */
  public boolean isOfNoUse() {
    return isTooOld() || isSentinel();
  }

  private boolean isTooOld() {
    return RedisFindings.isTooOld(fact("version"));
  }

  private boolean isSentinel() {
    return fact("mode").equals("sentinel");
  }

  /** Whether the section on replication has more to say than HELLO. */
  public boolean wantsInfo() {
    return !isSentinel() && !role().equals("master");
  }

  /**
   * @param words of Redis
   */
  public void refused(NeededCommand command, String words) {
    refused.put(command, words);
  }

  /** Redis takes no writes, being one. */
  public void replica() {
    facts.put("role", "replica");
  }

  public RedisFindings build() {
    if (isTooOld()) {
      obstacles.add(
          "Redis " + fact("version") + " is too old; 7.0 or newer is needed, or a Valkey");
    }
    if (isSentinel()) {
      obstacles.add(
          "this is a Sentinel; its address is redis-sentinel://HOST:PORT#NAME, with the master's name");
    }
    if (role().equals("replica")) {
      obstacles.add(replicaOf());
    }
    List<NeededCommand> needed =
        refused.keySet().stream().filter(command -> !command.isOptional()).toList();
    if (!needed.isEmpty()) {
      obstacles.add(refusal(needed));
    }
    return new RedisFindings(fact("version"), fact("mode"), role(), user, obstacles, warnings());
  }

  private String replicaOf() {
    String host = facts.get("master_host");
    String master = host == null ? "another Redis" : host + ":" + facts.get("master_port");
    return "this Redis is a replica of "
        + master
        + " and takes no writes; give the master's address, or Sentinel's";
  }

  private String refusal(List<NeededCommand> needed) {
    return "Redis refuses "
        + name()
        + " what a node needs: "
        + words(needed)
        + " ("
        + refused.get(needed.get(0))
        + "); grant it: ACL SETUSER "
        + (user.isEmpty() ? "<user>" : user)
        + " "
        + grant(needed);
  }

  private String name() {
    return user.isEmpty() ? "the user" : "user " + user;
  }

  private static String words(List<NeededCommand> commands) {
    return commands.stream().map(NeededCommand::words).collect(Collectors.joining(", "));
  }

  /** The rules that are missing: of keys and channels, or the commands. */
  private String grant(List<NeededCommand> needed) {
    TreeSet<String> rules = new TreeSet<>();
    for (NeededCommand command : needed) {
      String why = refused.getOrDefault(command, "").toLowerCase(Locale.ROOT);
      if (why.contains("channel")) {
        rules.add("&" + pattern);
      } else if (why.contains("access") && why.contains("key")) {
        rules.add("~" + pattern);
      } else {
        rules.add(command.rule());
      }
    }
    return String.join(" ", rules);
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    refused.keySet().stream()
        .filter(NeededCommand::isOptional)
        .map(
            command ->
                "Redis refuses "
                    + name()
                    + " "
                    + command.words()
                    + ": "
                    + command.without()
                    + "; grant "
                    + command.rule())
        .forEach(warnings::add);
    if (fact("version").equals(RedisFindings.UNKNOWN)) {
      warnings.add("Redis does not tell its version; see that it is 7.0 or newer");
    }
    return warnings;
  }

  private String role() {
    String role = fact("role");
    return role.equals("slave") ? "replica" : role;
  }

  private String fact(String name) {
    return facts.getOrDefault(name, RedisFindings.UNKNOWN);
  }
}
