package io.multiswarm.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a test, or each test of a class, makes our code or Reactor log an ERROR; any other
 * ERROR fails it still.
 *
 * <p>{@code @ExpectErrorLog("lease lost")} fails too when none was logged before the test ended.
 * Where it depends on timing, as when connections are cut, {@code @ExpectErrorLog(value = "…",
 * atLeast = 0)} allows it.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface ExpectErrorLog {

  /**
   * Parts of the logger's name, the message or the stack trace; an ERROR is expected if it contains
   * one of them.
   */
  String[] value();

  /** How many expected errors there must be at least. */
  int atLeast() default 1;
}
