package io.multiswarm.server.session;

/**
 * A fleet that this process serves, as a session finds it.
 *
 * @param name empty when it has none
 * @param nodeId of this process in it
 * @param methods that can be called there
 * @param custody who has its swarms
 * @param holders which sessions act for them
 */
public record Fleet(
    String name, String nodeId, MethodTable methods, SwarmCustody custody, Holders holders) {}
