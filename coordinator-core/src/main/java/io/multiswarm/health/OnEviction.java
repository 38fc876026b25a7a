package io.multiswarm.health;

/** What to do with a Redis that may remove keys when its memory is full. */
public enum OnEviction {
  /** Do not start. */
  REFUSE,
  /** Start, and report it. */
  DEGRADE
}
