package io.multiswarm.internal.redis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Redis words its errors, of any version. */
final class RedisWords {

  /** Redis before 7 puts the error of a script's command inside one of its own. */
  private static final Pattern INSIDE_A_SCRIPT =
      Pattern.compile("(?:: |@user_script:\\d+: )-([A-Z]+) ");

  /** How Redis begins what it says of a script or a call that is wrong, and nothing else. */
  private static final Pattern DEFECT =
      Pattern.compile(
          "^ERR (?:user_script:\\d+: |(?:W|w)rong number of arg|syntax error|value is not |index out of range|offset is out of range"
              + "|Protocol error|increment|hash value|Lua |Number of keys|min or max|Error running script|EXEC|The ID specified)");

  private RedisWords() {}

  /** Whether it is about how we asked, which no operator can mend. */
  static boolean ofADefect(String message) {
    return DEFECT.matcher(message).find();
  }

  static RedisFailure failure(String message) {
    Matcher inside = INSIDE_A_SCRIPT.matcher(message);
    int end = message.indexOf(' ');
    String first = end < 0 ? message : message.substring(0, end);
    return switch (inside.find() ? inside.group(1) : first) {
      case "LOADING" -> RedisFailure.LOADING;
      case "BUSY" -> RedisFailure.BUSY;
      case "TRYAGAIN", "CLUSTERDOWN" -> RedisFailure.CLUSTER_DOWN;
      case "MOVED", "ASK" -> RedisFailure.MOVED;
      case "CROSSSLOT" -> RedisFailure.CROSS_SLOT;
      case "NOSCRIPT" -> RedisFailure.FORGOTTEN;
      case "READONLY", "UNBLOCKED" -> RedisFailure.READ_ONLY;
      case "MASTERDOWN" -> RedisFailure.MASTER_DOWN;
      case "NOREPLICAS" -> RedisFailure.NO_REPLICAS;
      case "OOM" -> RedisFailure.OUT_OF_MEMORY;
      case "MISCONF" -> RedisFailure.DISK;
      case "NOAUTH", "WRONGPASS" -> RedisFailure.PASSWORD;
      case "NOPERM" -> RedisFailure.PERMISSION;
      case "WRONGTYPE" -> RedisFailure.WRONG_TYPE;
      case "DENIED" -> RedisFailure.PROTECTED;
      default -> byPhrase(message);
    };
  }

  /** How errors begin that have no word of their own. */
  private static final Map<String, RedisFailure> PHRASES =
      Map.ofEntries(
          Map.entry("ERR max number of clients reached", RedisFailure.CLIENTS),
          Map.entry("ERR invalid password", RedisFailure.PASSWORD),
          Map.entry(
              "ERR AUTH <password> called without any password configured", RedisFailure.PASSWORD),
          // of 7.0 and of 7.2, inside scripts
          Map.entry("ERR The user executing the script can't", RedisFailure.PERMISSION),
          Map.entry("ERR ACL failure in script", RedisFailure.PERMISSION),
          Map.entry("ERR DB index is out of range", RedisFailure.DATABASE),
          Map.entry("ERR invalid DB index", RedisFailure.DATABASE),
          Map.entry("ERR SELECT is not allowed in cluster mode", RedisFailure.DATABASE),
          Map.entry("ERR Error compiling script", RedisFailure.TOO_OLD),
          Map.entry("ERR Unexpected flag in script shebang", RedisFailure.TOO_OLD),
          Map.entry("ERR Unexpected engine in script shebang", RedisFailure.TOO_OLD),
          Map.entry("ERR unknown command", RedisFailure.MISSING),
          Map.entry("ERR Unknown command", RedisFailure.MISSING),
          Map.entry("ERR unknown subcommand", RedisFailure.MISSING),
          Map.entry("ERR Unknown Redis command called from script", RedisFailure.MISSING),
          Map.entry("ERR This Redis command is not allowed from script", RedisFailure.MISSING));

  private static RedisFailure byPhrase(String message) {
    for (Map.Entry<String, RedisFailure> phrase : PHRASES.entrySet()) {
      if (message.startsWith(phrase.getKey())) {
        return phrase.getValue();
      }
    }
    if (message.contains("Script killed by user with")) {
      // By SCRIPT KILL, which ends scripts alone that have written nothing.
      return RedisFailure.BUSY;
    }
    return message.contains("OOM command not allowed")
        ? RedisFailure.OUT_OF_MEMORY
        : RedisFailure.OTHER;
  }
}
