package io.multiswarm.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.server.files.FileException;
import io.multiswarm.server.logging.Escapes;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line of the server, built from the list of settings.
 *
 * <p>Picocli reads flags and writes the help. Values stay text until {@link ServerConfig} reads
 * them, so that flags and environment variables go through the same checks, and a message can name
 * the one that was used.
 */
public final class ServerCommand {

  /** Name of the program in its help and in front of its error lines. */
  public static final String NAME = "multiswarm-coordinator";

  private static final String CHECK = "check";
  private static final String DOCTOR = "doctor";
  private static final String JSON = "--json";

  private static final Set<String> LOOKS = Set.of(CHECK, DOCTOR);

  private final Map<String, String> environment;
  private final Programs programs;
  private final CommandLine commandLine;

  /**
   * What the command can do.
   *
   * @param serve runs the server with a valid configuration and returns the exit code
   * @param check what is to be said of a valid configuration, a line each
   * @param doctor what the Redis of a valid configuration promises
   * @param now the time, for tokens that expire
   * @param others further commands; what is to be run of them is an {@link Action}
   */
  public record Programs(
      ToIntFunction<ServerConfig> serve,
      Function<ServerConfig, List<String>> check,
      Function<ServerConfig, RedisExamination> doctor,
      Supplier<Instant> now,
      List<CommandLine> others) {}

  /** What a subcommand does that needs no configuration of a server. */
  public interface Action {

    /**
     * Prints what it has to say. Refuses wrong use by an exception whose message is one line.
     *
     * @return the exit code
     */
    int run(PrintWriter out, PrintWriter err);
  }

  /**
   * Creates the command.
   *
   * @param version what {@code --version} prints
   * @param environment the environment variables
   */
  public ServerCommand(String version, Map<String, String> environment, Programs programs) {
    this.environment = Map.copyOf(environment);
    this.programs = programs;
    this.commandLine =
        new CommandLine(spec(NAME, version))
            .addSubcommand(CHECK, new CommandLine(checkSpec(version)))
            .addSubcommand(DOCTOR, new CommandLine(doctorSpec(version)))
            .addSubcommand(TokenCommands.commandLine(this.environment, programs.now()));
    programs.others().forEach(commandLine::addSubcommand);
    commandLine.addSubcommand(new CompletionCommand());
    // Whatever the locale is: what is printed may be JSON, which is UTF-8.
    commandLine.setOut(new PrintWriter(new OutputStreamWriter(System.out, UTF_8), true));
    commandLine.setExpandAtFiles(false);
    commandLine.setUsageHelpWidth(110);
    commandLine.setExecutionStrategy(this::run);
    commandLine.setParameterExceptionHandler((e, args) -> refuse(String.valueOf(e.getMessage())));
  }

  /** The command with its output, for who wants to redirect it. */
  CommandLine commandLine() {
    return commandLine;
  }

  /**
   * Runs the command.
   *
   * @return the server's own exit code; 0 after {@code --help} and {@code --version}; 2, with one
   *     line on standard error, for a command line or a setting that cannot be used
   */
  public int execute(String... args) {
    return commandLine.execute(args);
  }

  private int run(ParseResult parsed) {
    Integer helpGiven = CommandLine.executeHelpRequest(parsed);
    if (helpGiven != null) {
      return helpGiven;
    }
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    try {
      return run(parsed, last);
    } catch (ConfigException | FileException | CoordinationException e) {
      return refuse(String.valueOf(e.getMessage()));
    }
  }

  private int run(ParseResult parsed, ParseResult last) {
    if (last.commandSpec().userObject() instanceof Action action) {
      return action.run(commandLine.getOut(), commandLine.getErr());
    }
    if (parsed.hasSubcommand() && !LOOKS.contains(last.commandSpec().name())) {
      String words = String.join(", ", last.commandSpec().subcommands().keySet());
      return refuse(last.commandSpec().name() + ": say what to do: " + words);
    }
    Map<Setting, String> flags = flags(parsed);
    if (!parsed.hasSubcommand()) {
      return programs.serve().applyAsInt(ServerConfig.read(flags, environment));
    }
    flags.putAll(flags(last));
    ServerConfig config = ServerConfig.read(flags, environment);
    if (last.commandSpec().name().equals(DOCTOR)) {
      return doctor(config, last.hasMatchedOption(JSON));
    }
    programs.check().apply(config).forEach(line -> print(line));
    config.reporting().warnings().forEach(warning -> print("warning: " + warning));
    return CommandLine.ExitCode.OK;
  }

  private int doctor(ServerConfig config, boolean asJson) {
    if (!(config.redis() instanceof RedisTarget.External)) {
      return refuse("doctor: say which Redis, by --redis-url or another REDIS_ setting");
    }
    RedisExamination found = programs.doctor().apply(config);
    if (asJson) {
      commandLine.getOut().println(ExaminationReport.json(found));
    } else {
      ExaminationReport.lines(found).forEach(this::print);
    }
    return found.isSafe() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void print(String line) {
    commandLine.getOut().println(Escapes.escape(line));
  }

  private static Map<Setting, String> flags(ParseResult parsed) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String text = parsed.matchedOptionValue(setting.flag(), null);
      if (text != null) {
        flags.put(setting, text);
      }
    }
    return flags;
  }

  private int refuse(String why) {
    commandLine.getErr().println(NAME + ": " + Escapes.escape(why) + " (see --help)");
    return CommandLine.ExitCode.USAGE;
  }

  private static CommandSpec checkSpec(String version) {
    CommandSpec spec = spec(CHECK, version);
    spec.usageMessage()
        .description(
            "Says what a server with these settings would allow and expose, without starting it.",
            "Exit code 2 for what the server would refuse.",
            "");
    return spec;
  }

  private static CommandSpec doctorSpec(String version) {
    CommandSpec spec = spec(DOCTOR, version);
    spec.usageMessage()
        .description(
            "Says what the Redis of these settings promises, and what to do about it.",
            "Exit code 1 when a fleet cannot rely on it.",
            "");
    spec.addOption(
        OptionSpec.builder(JSON).arity("0").type(Boolean.class).description("Print JSON.").build());
    return spec;
  }

  private static CommandSpec spec(String name, String version) {
    CommandSpec spec = CommandSpec.create().name(name).version(NAME + " " + version);
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description("Coordinates swarms of AI agents over Redis, for clients on a WebSocket.", "")
        .footer(
            "",
            "Every flag can be given as the environment variable named behind it; a flag wins.",
            "Durations: 500ms, 30s, 5m, 1h, 1d, plain numbers are milliseconds. Sizes: 1048576, 512KiB, 1MiB.",
            "Exit codes: 0 stopped, 1 failed, 2 wrong command line or setting, 3 out of memory or stuck.");
    for (SettingGroup group : SettingGroup.values()) {
      spec.addArgGroup(group(group));
    }
    return spec;
  }

  private static ArgGroupSpec group(SettingGroup group) {
    ArgGroupSpec.Builder builder =
        ArgGroupSpec.builder()
            .validate(false)
            .order(group.ordinal())
            .heading("%n" + group.heading() + "%n");
    Arrays.stream(Setting.values())
        .filter(setting -> setting.group() == group)
        .map(ServerCommand::option)
        .forEach(builder::addArg);
    return builder.build();
  }

  private static OptionSpec option(Setting setting) {
    String ownDefault = setting.defaultText().map(text -> ", default " + text).orElse("");
    OptionSpec.Builder builder =
        OptionSpec.builder(setting.flag())
            .type(String.class)
            .paramLabel("<" + setting.valueLabel() + ">")
            .order(setting.ordinal())
            .description(setting.description(), "[" + setting.variable() + ownDefault + "]");
    return setting.isSwitch()
        ? builder.arity("0..1").fallbackValue("true").build()
        : builder.arity("1").build();
  }
}
