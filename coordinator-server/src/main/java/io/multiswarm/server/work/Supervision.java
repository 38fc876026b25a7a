package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * How commands are started so that nothing of them stays behind, see {@code supervise.sh}.
 *
 * <p>A death of the runner is told by the end of a pipe, which every kind of it causes and every
 * Unix has; the kernel's own signal at a parent's death comes when the <em>thread</em> that made
 * the process ends, which in a JVM is any time. It is used one step further down, where the parent
 * is a shell, against a kill of that shell.
 *
 * @param leader starts a session of its own: setsid, or Perl where a system has none (macOS)
 * @param guard what stands before the command, may be nothing
 */
record Supervision(List<String> leader, List<String> guard) {

  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path PERL = Path.of("/usr/bin/perl");
  private static final String SCRIPT = script();

  /** What this machine has. */
  static Supervision ofThisMachine() {
    List<String> leader = byPerl();
    List<String> guard = List.of();
    if (Files.isExecutable(SETSID)) {
      leader = List.of(SETSID.toString());
      // Of util-linux, like setsid; that of Busybox has no such option.
      if (Files.isExecutable(SETPRIV) && !Files.isSymbolicLink(SETPRIV)) {
        guard = List.of(SETPRIV.toString(), "--pdeathsig", "KILL");
      }
    } else if (!Files.isExecutable(PERL)) {
      throw new WorkException("neither " + SETSID + " nor " + PERL + " is there: install one");
    }
    return new Supervision(leader, guard);
  }

  /** Without setsid. */
  static List<String> byPerl() {
    return List.of(
        PERL.toString(), "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127");
  }

  /** The whole command line. */
  List<String> commandLine(Path input, List<String> command) {
    List<String> line = new ArrayList<>(leader);
    line.addAll(List.of("/bin/sh", "-c", SCRIPT, "supervise"));
    line.addAll(List.of(UUID.randomUUID().toString(), input.toString()));
    line.addAll(guard);
    line.addAll(command);
    return line;
  }

  private static String script() {
    try (InputStream in = Supervision.class.getResourceAsStream("supervise.sh")) {
      return new String(Objects.requireNonNull(in, "supervise.sh").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
