/**
 * The runner: makes any program a worker of a swarm. Receives assignments from a server, gives each
 * to a process of its own, and gives what became of it back.
 *
 * <p>What it knows lies in one object, {@link io.multiswarm.server.work.Worker}, whose code runs on
 * one thread; processes are started and read on threads that may wait. A report is repeated until
 * it is answered; of a command's output what is over its limits is dropped, and the log says how
 * much.
 */
@NullMarked
package io.multiswarm.server.work;

import org.jspecify.annotations.NullMarked;
