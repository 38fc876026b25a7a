package io.multiswarm.server.session;

/** What a session may be allowed; each method needs one. */
public enum Scope {
  /** To be a swarm: create, attach, speak, work. */
  SWARM,
  /** To hand in tasks. */
  SUBMIT,
  /** To read what goes on. */
  OBSERVE,
  /** To change what belongs to all, such as resources. */
  ADMIN
}
