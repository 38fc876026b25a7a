package io.multiswarm.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of a script with its libraries in place, and what {@code EVALSHA} calls it.
 *
 * <p>Redis creates every function of a script with each call, used or not, and collects it as
 * garbage afterwards. So the functions that a script does not reach are left out. What counts as
 * one begins with a line {@code local function name(…)} and ends with a line {@code end}, neither
 * of them indented.
 */
record ScriptSource(String text, String sha1) {

  private static final String DIRECTORY = "/io/multiswarm/lua/";
  private static final Pattern INCLUDE = Pattern.compile("(?m)^--\\s*#include\\s+(\\S+)\\s*$");

  private static final Pattern FUNCTION =
      Pattern.compile("(?ms)^local function (\\w+)\\([^)\n]*\\)\n.*?^end\n");
  private static final Pattern COMMENT = Pattern.compile("(?m)^ *--.*$");
  private static final Pattern WORD = Pattern.compile("\\w+");

  static ScriptSource load(String file) {
    String text =
        withoutUnusedFunctions(
            INCLUDE
                .matcher(read(file))
                .replaceAll(match -> Matcher.quoteReplacement(read(match.group(1) + ".lua"))));
    return new ScriptSource(text, sha1(text));
  }

  static String withoutUnusedFunctions(String text) {
    Map<String, String> functions =
        FUNCTION
            .matcher(text)
            .results()
            .collect(Collectors.toMap(match -> match.group(1), MatchResult::group));
    Set<String> used = new HashSet<>();
    Deque<String> unread = new ArrayDeque<>();
    unread.push(FUNCTION.matcher(text).replaceAll(""));
    while (!unread.isEmpty()) {
      WORD.matcher(COMMENT.matcher(unread.pop()).replaceAll(""))
          .results()
          .map(MatchResult::group)
          .filter(functions::containsKey)
          .filter(used::add)
          .map(functions::get)
          .forEach(unread::push);
    }
    return FUNCTION
        .matcher(text)
        .replaceAll(
            match -> used.contains(match.group(1)) ? Matcher.quoteReplacement(match.group()) : "");
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

  private static String sha1(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
