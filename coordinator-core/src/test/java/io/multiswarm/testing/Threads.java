package io.multiswarm.testing;

/** Daemon threads, so that one which waits for a socket doesn't keep the JVM. */
final class Threads {

  private Threads() {}

  static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
