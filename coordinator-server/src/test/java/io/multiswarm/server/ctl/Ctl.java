package io.multiswarm.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.Tree;
import io.multiswarm.server.config.ServerCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import reactor.core.scheduler.Schedulers;

/** The command line in this process: what a command prints, and its exit code. */
public final class Ctl {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, String> environment = new HashMap<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /** What the commands find set. */
  public Map<String, String> environment() {
    return environment;
  }

  /** What the last command printed. */
  String out() {
    return out.toString();
  }

  /** And on standard error. */
  String err() {
    return err.toString();
  }

  private CommandLine commandLine() {
    out = new StringWriter();
    return commandLine(out);
  }

  private CommandLine commandLine(Writer output) {
    err = new StringWriter();
    Surroundings surroundings =
        new Surroundings(
            environment,
            Schedulers.parallel(),
            Instant::now,
            code -> Objects.requireNonNull(code.block(PATIENCE)));
    CommandLine ctl = CtlCommands.commandLine(surroundings);
    PrintWriter to = new PrintWriter(output);
    PrintWriter errors = new PrintWriter(err);
    ctl.setExecutionStrategy(
        parsed ->
            ((ServerCommand.Action) parsed.subcommand().commandSpec().userObject())
                .run(to, errors));
    ctl.setOut(to).setErr(errors);
    return ctl;
  }

  int exit(String... args) {
    return commandLine().execute(args);
  }

  /** With an output that nobody reads any more. */
  int exitIntoNothing(String... args) {
    Writer closed = Writer.nullWriter();
    try {
      closed.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return commandLine(closed).execute(args);
  }

  String said(String... args) {
    assertThat(exit(args)).as(() -> List.of(args) + " " + err).isZero();
    return out.toString();
  }

  /** The one line that it prints with {@code --json}. */
  public Tree json(String... args) {
    return new Tree(Json.parse(printed(args)));
  }

  /** The same as a text. */
  public String printed(String... args) {
    String[] all = List.of(args).toArray(new String[args.length + 1]);
    all[args.length] = "--json";
    return said(all).strip();
  }
}
