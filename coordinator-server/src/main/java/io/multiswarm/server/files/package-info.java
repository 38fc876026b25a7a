/**
 * Files that are read again when they change: tokens, keys, certificates.
 *
 * <p>Receives paths and a reader of their contents, gives the latest contents that could be read. A
 * broken new file is refused in one line of the log, and the former contents stay.
 */
@NullMarked
package io.multiswarm.server.files;

import org.jspecify.annotations.NullMarked;
