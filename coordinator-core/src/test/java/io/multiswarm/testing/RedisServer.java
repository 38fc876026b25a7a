package io.multiswarm.testing;

import java.net.URI;

/** Where a test's Redis comes from. */
interface RedisServer extends AutoCloseable {

  /** Stays the same for as long as the server lives, over restarts too. */
  URI uri();

  /** Frees whatever was started for the tests; an external server goes on. */
  @Override
  void close();

  /**
   * One that belongs to us, so that it may be broken. Each method returns when what it says is
   * true.
   */
  interface Owned extends RedisServer {

    /**
     * Accepts commands afterwards, with what the append-only file had. Nothing happens if it runs
     * already.
     */
    void start();

    /** Ends it in its own order, as a SIGTERM does. */
    void stop();

    /** Ends it at once, as a SIGKILL does. */
    void kill();

    /** Freezes it with its sockets open. */
    void pause();

    /** Lets a paused one go on. */
    void resume();
  }
}
