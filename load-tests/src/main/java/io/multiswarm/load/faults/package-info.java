/**
 * What scenarios that break things have in common: servers that come back where one was killed, a
 * way to Redis that can be held up, and an observer of what Redis itself carried out, heard beside
 * the servers and their clients.
 */
@NullMarked
package io.multiswarm.load.faults;

import org.jspecify.annotations.NullMarked;
