package io.multiswarm.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * One call of a script: its keys and arguments in order. Built, then given to {@link
 * RedisLink#run}; not changed afterwards, because a repetition sends it again.
 */
public final class ScriptCall {

  private final Script script;
  private final List<String> keys = new ArrayList<>();
  private final List<byte[]> args = new ArrayList<>();

  private ScriptCall(Script script) {
    this.script = script;
  }

  public static ScriptCall of(Script script) {
    return new ScriptCall(script);
  }

  public ScriptCall key(String key) {
    keys.add(key);
    return this;
  }

  public ScriptCall keys(Collection<String> more) {
    keys.addAll(more);
    return this;
  }

  public ScriptCall arg(String text) {
    args.add(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public ScriptCall arg(long number) {
    return arg(Long.toString(number));
  }

  public ScriptCall arg(byte[] bytes) {
    args.add(bytes);
    return this;
  }

  /** In milliseconds. */
  public ScriptCall arg(Duration duration) {
    return arg(duration.toMillis());
  }

  Script script() {
    return script;
  }

  String[] keyArray() {
    return keys.toArray(String[]::new);
  }

  byte[][] argArray() {
    return args.toArray(byte[][]::new);
  }

  @Override
  public String toString() {
    return script.fileName() + keys;
  }
}
