package io.multiswarm.server.config;

/** Where a setting's value came from, the stronger first. */
enum Source {
  FLAG,
  ENVIRONMENT,
  DEFAULT
}
