package io.multiswarm.internal.redis;

/** The names of the one fleet that a link is for, known before its first connection. */
final class FleetKeys {

  private final int database;
  private volatile Keys keys;

  FleetKeys(int database) {
    this.database = database;
    this.keys = new Keys("", database);
  }

  Keys of(String fleet) {
    Keys made = new Keys(fleet, database);
    keys = made;
    return made;
  }

  void onCluster() {
    keys.onCluster();
  }

  /** One of the keys: all are in its slot. */
  String any() {
    return keys.leader();
  }
}
