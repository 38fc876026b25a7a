package io.multiswarm.server.embedded;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which redis-server is run. One that is older than what has written a data directory never opens
 * it: it would find a file that it cannot read, or half of one.
 *
 * @param words {@code auto}, {@code bundled} or the path of a program
 * @param searched where {@code auto} looks first, as the variable {@code PATH} has it
 */
public record ProgramChoice(String words, String searched) {

  public static final String AUTO = "auto";
  public static final String BUNDLED = "bundled";

  private static final List<String> NAMES = List.of("redis-server", "valkey-server");
  private static final Logger log = LoggerFactory.getLogger(ProgramChoice.class);

  /** The one of the jar. */
  public static ProgramChoice bundled() {
    return new ProgramChoice(BUNDLED, "");
  }

  /**
   * Finds the program. Blocks.
   *
   * @throws EmbeddedRedisException when there is none that may open the directory
   */
  ServerProgram find(DataDirectory directory) {
    Optional<ProgramRecord> writer = ProgramRecord.read(directory);
    List<ServerProgram> tooOld = new ArrayList<>();
    Optional<ServerProgram> found =
        candidates(directory)
            .filter(
                program -> {
                  boolean reads =
                      writer.isEmpty() || program.version().reads(writer.get().version());
                  if (!reads) {
                    tooOld.add(program);
                  }
                  return reads;
                })
            .findFirst();
    return found.orElseThrow(
        () ->
            new EmbeddedRedisException(
                "data directory %s was written by %s, which %s cannot be trusted to read: give the path of one that is as new by --redis-server"
                    .formatted(directory.path(), writer.orElseThrow().version(), tooOld.get(0))));
  }

  private Stream<ServerProgram> candidates(DataDirectory directory) {
    return switch (words) {
      case BUNDLED -> Stream.of(RedisProgram.installed(directory.programs()));
      case AUTO ->
          Stream.concat(ofThePath(), Stream.of(directory.programs()).map(RedisProgram::installed));
      default -> Stream.of(given());
    };
  }

  private ServerProgram given() {
    Optional<ServerProgram> program = path(words).flatMap(ServerProgram::ask);
    if (program.isEmpty() || !program.get().version().isNewEnough()) {
      throw new EmbeddedRedisException(
          "%s is no redis-server or valkey-server of 7.0 or newer%s: see --redis-server"
              .formatted(words, program.map(old -> ", but " + old.version()).orElse("")));
    }
    return program.get();
  }

  /** Those that are new enough; asked one after the other, as far as need be. */
  private Stream<ServerProgram> ofThePath() {
    return Stream.of(searched.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .flatMap(directory -> path(directory).stream())
        .filter(Path::isAbsolute)
        .flatMap(directory -> NAMES.stream().map(directory::resolve))
        .flatMap(program -> ServerProgram.ask(program).stream())
        .filter(
            program -> {
              if (!program.version().isNewEnough()) {
                log.info("{} is not used: 7.0 or newer is needed", program);
              }
              return program.version().isNewEnough();
            });
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
