package io.multiswarm.internal.redis;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The one type that knows what is where in the replies of these scripts, and gives it names: a
 * record that reads a {@link ScriptReply} once. Everybody else deals with the record; whoever
 * changes the result of a script has one file to follow.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ReplyOf {

  /** Scripts whose replies have the same shape. */
  Script[] value();
}
