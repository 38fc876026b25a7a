package io.multiswarm.testing;

/**
 * A Redis that this test has to itself, so that it may break it. Keeps its port and its append-only
 * file (fsync every second) over restarts; ends with the test.
 *
 * <p>Every method returns when what it says is true: after {@link #start()} commands are accepted,
 * after {@link #kill()} the process is gone.
 */
public final class OwnedRedis extends TestRedis {

  private final RedisServer.Owned server;

  OwnedRedis(RedisServer.Owned server, RedisUser user) {
    super(server, user);
    this.server = server;
  }

  /** Starts it again. Nothing happens if it runs. */
  public void start() {
    server.start();
  }

  /** Ends it in good order (SIGTERM): what was acknowledged is in the append-only file. */
  public void stop() {
    disconnect();
    server.stop();
  }

  /** Ends it at once (SIGKILL), paused or not. */
  public void kill() {
    disconnect();
    server.kill();
  }

  /** {@link #stop()} and {@link #start()}. */
  public void restart() {
    stop();
    start();
  }

  /** Freezes it (SIGSTOP): connections stay open, the kernel still accepts some, nobody answers. */
  public void pause() {
    server.pause();
  }

  /** Lets a paused one go on (SIGCONT), with all the commands that came meanwhile. */
  public void resume() {
    server.resume();
  }
}
