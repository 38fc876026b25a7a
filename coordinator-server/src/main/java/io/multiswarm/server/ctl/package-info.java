/**
 * The command line for operators, {@code ctl}: receives flags, calls a server by the wire protocol
 * like any other client, gives tables for people and JSON for programs, and an exit code that says
 * what came of it.
 *
 * <p>Every action of the dashboard is here. Nothing is decided here: what may be done, and what it
 * does, is the server's.
 */
@NullMarked
package io.multiswarm.server.ctl;

import org.jspecify.annotations.NullMarked;
