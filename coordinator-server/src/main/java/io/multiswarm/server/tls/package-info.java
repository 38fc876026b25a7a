/**
 * Certificates and keys of the server's own TLS.
 *
 * <p>Receives the contents of PEM files, gives what is needed to speak TLS with them, checked: the
 * key is that of the certificate. Does not know how the transport uses it.
 */
@NullMarked
package io.multiswarm.server.tls;

import org.jspecify.annotations.NullMarked;
