package io.multiswarm.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** A run of the harness against the packaged server, with all that it says. */
public final class PackagedRun {

  public static final Path SERVER =
      Path.of("../coordinator-server/target/coordinator-server.jar").toAbsolutePath().normalize();

  private final StringWriter said = new StringWriter();

  public static void assumePackaged() {
    assumeTrue(Files.isReadable(SERVER), "the server is not packaged");
  }

  /** The exit code. */
  public int of(String... arguments) {
    return against(SERVER, arguments);
  }

  /** Likewise, with another program in place of the server. */
  public int against(Path server, String... arguments) {
    Stream<String> all =
        Stream.concat(Arrays.stream(arguments), Stream.of("--server-jar", server.toString()));
    var out = new PrintWriter(said);
    return LoadHarness.commandLine().setOut(out).setErr(out).execute(all.toArray(String[]::new));
  }

  /** Fails, and tells all, unless every promise was kept. */
  public void passes(String... arguments) {
    assertThat(of(arguments)).as(said()).isZero();
  }

  public String said() {
    return said.toString();
  }
}
