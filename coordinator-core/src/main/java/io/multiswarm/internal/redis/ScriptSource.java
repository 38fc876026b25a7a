package io.multiswarm.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a script with its libraries in place, and what {@code EVALSHA} calls it. */
record ScriptSource(String text, String sha1) {

  private static final String DIRECTORY = "/io/multiswarm/lua/";
  private static final Pattern INCLUDE = Pattern.compile("(?m)^--\\s*#include\\s+(\\S+)\\s*$");

  static ScriptSource load(String file) {
    String text =
        INCLUDE
            .matcher(read(file))
            .replaceAll(match -> Matcher.quoteReplacement(read(match.group(1) + ".lua")));
    return new ScriptSource(text, sha1(text));
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
