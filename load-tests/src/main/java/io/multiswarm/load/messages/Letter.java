package io.multiswarm.load.messages;

import io.multiswarm.load.client.Notification.Stamp;

/** A message on its way: who sends it as which of its messages is in the stamp. */
record Letter(Stamp stamp, int to) {

  private static final int EVERYBODY = -1;

  static Letter toEverybody(Stamp stamp) {
    return new Letter(stamp, EVERYBODY);
  }

  boolean isForEverybody() {
    return to == EVERYBODY;
  }
}
