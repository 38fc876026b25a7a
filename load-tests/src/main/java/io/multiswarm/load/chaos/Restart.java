package io.multiswarm.load.chaos;

/** What comes after the death of a session's process. */
enum Restart {
  /** It is started again, and takes its swarms before anybody has missed them. */
  BACK_AT_ONCE,
  /** It is started again when its swarms have lost their tasks. */
  BACK_LATE,
  /** Its swarms are never seen again; others take their place. */
  REPLACED
}
