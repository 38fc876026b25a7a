/**
 * Configuration: receives the command line and the environment, gives one validated {@link
 * io.multiswarm.server.config.ServerConfig}, or a {@link
 * io.multiswarm.server.config.ConfigException} whose message is one readable line. Nothing after
 * this package reads the environment.
 *
 * <p>{@link io.multiswarm.server.config.Setting} is the single list of settings: flags, environment
 * variables, defaults, {@code --help}, the logged configuration and {@code docs/configuration.md}
 * all follow from it.
 */
@NullMarked
package io.multiswarm.server.config;

import org.jspecify.annotations.NullMarked;
