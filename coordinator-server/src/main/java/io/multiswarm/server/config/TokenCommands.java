package io.multiswarm.server.config;

import io.multiswarm.server.auth.DevelopmentJwt;
import io.multiswarm.server.auth.NewToken;
import io.multiswarm.server.auth.TokenFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code token create}, {@code token jwt} and {@code token show}. */
final class TokenCommands {

  private TokenCommands() {}

  static CommandLine commandLine(Map<String, String> environment, Supplier<Instant> now) {
    return new CommandLine(new Group())
        .addSubcommand(new Create(environment, now))
        .addSubcommand(new Jwt(environment, now))
        .addSubcommand(new Show(environment));
  }

  @Command(name = "token", mixinStandardHelpOptions = true, description = "Makes and shows tokens.")
  static final class Group {}

  /** Whom a token is for, and for what. */
  static final class Holder {

    @Option(
        names = "--name",
        required = true,
        paramLabel = "<name>",
        description = "Whose it is: tokens of one name are one principal.")
    String name = "";

    @Option(
        names = "--scopes",
        required = true,
        split = ",",
        paramLabel = "<scope>",
        description = "What it may: swarm, submit, observe, admin.")
    List<String> scopes = List.of();

    @Option(
        names = "--swarms",
        split = ",",
        paramLabel = "<pattern>",
        description = "Swarms that it may act for: * matches any run of characters.")
    List<String> swarms = List.of();

    @Option(
        names = "--fleets",
        split = ",",
        paramLabel = "<name>",
        description = "Fleets that it is bound to; any when not given.")
    List<String> fleets = List.of();

    @Option(
        names = "--expires",
        paramLabel = "<duration>",
        description = "How long it is good: 1h, 30d.")
    @Nullable String expires;

    NewToken token(Instant now, @Nullable Duration byDefault) {
      Duration life = byDefault;
      if (expires != null) {
        String given = expires;
        life =
            Durations.parse(given, ChronoUnit.MILLIS)
                .orElseThrow(
                    () -> new ConfigException("--expires: '" + given + "' is no duration"));
      }
      return new NewToken(name, scopes, swarms, fleets, life == null ? null : now.plus(life));
    }
  }

  private static Path path(
      @Nullable Path given, Setting setting, String flag, Map<String, String> environment) {
    String variable = environment.getOrDefault(setting.variable(), "").strip();
    if (given == null && variable.isEmpty()) {
      throw new ConfigException(flag + " is required, or " + setting.variable());
    }
    return given == null ? Path.of(variable.split(",")[0]) : given;
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Prints a new token once, and adds its hash to the file of static tokens.")
  static final class Create implements ServerCommand.Action {

    private final Map<String, String> environment;
    private final Supplier<Instant> now;

    @Mixin private Holder holder = new Holder();

    @Option(
        names = {"--file", "--auth-tokens-file"},
        paramLabel = "<file>",
        description = "The file, made when there is none; AUTH_TOKENS_FILE when not given.")
    @Nullable Path file;

    Create(Map<String, String> environment, Supplier<Instant> now) {
      this.environment = environment;
      this.now = now;
    }

    @Override
    public int run(PrintWriter out, PrintWriter err) {
      Path path = path(file, Setting.AUTH_TOKENS_FILE, "--file", environment);
      String token = new TokenFile(path).add(holder.token(now.get(), null));
      out.println(token);
      err.println("This is the only time that the token is shown; " + path + " has its hash.");
      return CommandLine.ExitCode.OK;
    }
  }

  @Command(
      name = "jwt",
      mixinStandardHelpOptions = true,
      description = "Prints a JWT by HS256, for development.")
  static final class Jwt implements ServerCommand.Action {

    private static final Duration ONE_HOUR = Duration.ofHours(1);

    private final Map<String, String> environment;
    private final Supplier<Instant> now;

    @Mixin private Holder holder = new Holder();

    @Option(
        names = {"--secret-file", "--auth-jwt-secret-file"},
        paramLabel = "<file>",
        description = "Whose bytes sign; AUTH_JWT_SECRET_FILE when not given.")
    @Nullable Path secret;

    @Option(
        names = {"--issuer", "--auth-jwt-issuer"},
        paramLabel = "<text>",
        description = "iss; AUTH_JWT_ISSUER when not given.")
    @Nullable String issuer;

    @Option(
        names = {"--audience", "--auth-jwt-audience"},
        paramLabel = "<text>",
        description = "aud; AUTH_JWT_AUDIENCE when not given.")
    @Nullable String audience;

    Jwt(Map<String, String> environment, Supplier<Instant> now) {
      this.environment = environment;
      this.now = now;
    }

    @Override
    public int run(PrintWriter out, PrintWriter err) {
      Path path = path(secret, Setting.AUTH_JWT_SECRET_FILE, "--secret-file", environment);
      Instant at = now.get();
      out.println(
          DevelopmentJwt.sign(
              path,
              holder.token(at, ONE_HOUR),
              issuer == null ? environment.get(Setting.AUTH_JWT_ISSUER.variable()) : issuer,
              audience == null ? environment.get(Setting.AUTH_JWT_AUDIENCE.variable()) : audience,
              at));
      return CommandLine.ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Tells what the static tokens allow; never a token or its hash.")
  static final class Show implements ServerCommand.Action {

    private final Map<String, String> environment;

    @Option(
        names = {"--file", "--auth-tokens-file"},
        paramLabel = "<file>",
        description = "The file; AUTH_TOKENS_FILE when not given.")
    @Nullable Path file;

    Show(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    public int run(PrintWriter out, PrintWriter err) {
      Path path = path(file, Setting.AUTH_TOKENS_FILE, "--file", environment);
      new TokenFile(path).describe().forEach(out::println);
      return CommandLine.ExitCode.OK;
    }
  }
}
