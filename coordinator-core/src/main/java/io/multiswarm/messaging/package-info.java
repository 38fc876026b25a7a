/**
 * What swarms say to each other: messages, channels with one total order each, requests and
 * replies.
 *
 * <p>Values and interfaces; a channel's road from Redis is {@code internal.stream} and {@code
 * internal.distribution}.
 */
@NullMarked
package io.multiswarm.messaging;

import org.jspecify.annotations.NullMarked;
