/** What Redis itself carried out, heard beside the servers and their clients. */
@NullMarked
package io.multiswarm.load.witness;

import org.jspecify.annotations.NullMarked;
