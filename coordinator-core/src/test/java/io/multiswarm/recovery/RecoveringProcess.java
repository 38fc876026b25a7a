package io.multiswarm.recovery;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.registry.NewSwarm;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A coordinator that leads, in a process of its own, and so recovers what is interrupted. Ends with
 * its standard input.
 */
public final class RecoveringProcess implements AutoCloseable {

  private final Path output;
  private final Process process;

  public RecoveringProcess(String uri, String fleet) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            RecoveringProcess.class.getName(),
            uri,
            fleet);
    try {
      this.output = Files.createTempFile("recovering", ".log");
      this.process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it lives, and what it wrote: why nothing happens. */
  public String story() {
    try {
      return (process.isAlive() ? "alive: " : "ended with " + process.exitValue() + ": ")
          + Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL; returns when it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    try {
      Files.delete(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Arguments: address of Redis, fleet. */
  public static void main(String[] args) throws IOException {
    MultiSwarmCoordination coordination =
        MultiSwarmCoordination.create(args[0], CoordinationOptions.defaults().withFleet(args[1]));
    coordination
        .initialize()
        .then(coordination.createSwarm(NewSwarm.of("lead").withId("the-leader")))
        .block(Duration.ofSeconds(20));
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }
}
