package io.multiswarm.load.messages;

import io.multiswarm.load.client.ServerNotification.Stamp;

/** A message on its way: who sends it as which of its messages is in the stamp. */
public record TestMessage(Stamp stamp, int to) {

  private static final int EVERYBODY = -1;

  static TestMessage toEverybody(Stamp stamp) {
    return new TestMessage(stamp, EVERYBODY);
  }

  public boolean isForEverybody() {
    return to == EVERYBODY;
  }
}
