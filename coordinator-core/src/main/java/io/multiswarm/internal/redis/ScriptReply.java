package io.multiswarm.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reply of a script or command as Redis gave it: a list whose items are integers, bytes, null
 * or lists again. A single value is a list of one.
 *
 * <p>By convention the first item of a script that can refuse is a status word, {@code OK} or the
 * name of an {@link io.multiswarm.common.ErrorCode}. What lies at other positions is read by the
 * one type that says {@link ReplyOf} of the script.
 */
public final class ScriptReply {

  private final List<@Nullable Object> items;

  public ScriptReply(List<@Nullable Object> items) {
    this.items = items;
  }

  public int size() {
    return items.size();
  }

  public boolean isNull(int index) {
    return index >= items.size() || items.get(index) == null;
  }

  /** The status word of a script that can refuse. */
  public String status() {
    return string(0);
  }

  public boolean isOk() {
    return "OK".equals(status());
  }

  /** Of a script that gives a number and nothing else. */
  public long onlyNumber() {
    return number(0);
  }

  /** Of a script that gives a text and nothing else. */
  public String onlyText() {
    return string(0);
  }

  /** Of a script that gives a list of texts and nothing else. */
  public List<String> onlyTexts() {
    return strings(0);
  }

  /** Of a script that gives a text for each thing that it was given. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      texts.add(string(i));
    }
    return texts;
  }

  /** Of a script that gives a list, or nil, for each thing that it was given. */
  public List<Optional<ScriptReply>> lists() {
    List<Optional<ScriptReply>> lists = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      lists.add(isNull(i) ? Optional.empty() : Optional.of(list(i)));
    }
    return lists;
  }

  /** An integer, or the decimal text of one. */
  public long number(int index) {
    Object item = item(index);
    return item instanceof Long number ? number : Long.parseLong(text(item));
  }

  public String string(int index) {
    return text(item(index));
  }

  public @Nullable String stringOrNull(int index) {
    return isNull(index) ? null : string(index);
  }

  /** The bytes as received, not copied. */
  public byte[] bytes(int index) {
    Object item = item(index);
    return item instanceof byte[] bytes ? bytes : text(item).getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked")
  public ScriptReply list(int index) {
    Object item = item(index);
    if (item instanceof List<?> nested) {
      return new ScriptReply((List<@Nullable Object>) nested);
    }
    throw new IllegalStateException("item " + index + " of a script's reply is no list: " + item);
  }

  /** The items of a list, as texts. */
  public List<String> strings(int index) {
    return list(index).texts();
  }

  /** The items from this one on. */
  ScriptReply from(int index) {
    return new ScriptReply(items.subList(index, items.size()));
  }

  private Object item(int index) {
    Object item = items.get(index);
    if (item == null) {
      throw new IllegalStateException("item " + index + " of a script's reply is null");
    }
    return item;
  }

  private static String text(Object item) {
    return item instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(item);
  }
}
