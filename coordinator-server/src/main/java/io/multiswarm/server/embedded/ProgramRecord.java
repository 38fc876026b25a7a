package io.multiswarm.server.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a data directory remembers of the program that served it last: written before that begins,
 * so that neither its data nor its process is ever without.
 *
 * @param file the program itself, whatever links led to it: what the system shows of its process
 */
record ProgramRecord(ProgramVersion version, Path file) {

  /**
   * Empty for a directory that is new, or was served before there were such records: by the program
   * of the jar.
   */
  static Optional<ProgramRecord> read(DataDirectory directory) {
    Path file = directory.programFile();
    try {
      List<String> lines = Files.readAllLines(file);
      ProgramVersion version =
          lines.size() < 2 ? null : ProgramVersion.parse(lines.get(0)).orElse(null);
      if (version == null) {
        throw unreadable(file, null);
      }
      return Optional.of(new ProgramRecord(version, Path.of(lines.get(1))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static EmbeddedRedisException unreadable(Path file, @Nullable IOException cause) {
    String text =
        "%s does not tell which redis-server has written this directory%s: restore it, or delete it if that was no newer one than the one to come"
            .formatted(file, cause == null ? "" : " (" + cause + ")");
    return cause == null
        ? new EmbeddedRedisException(text)
        : new EmbeddedRedisException(text, cause);
  }

  static void write(DataDirectory directory, ServerProgram program) {
    Path file = directory.programFile();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.write(
          part, List.of(program.version().toString(), program.path().toRealPath().toString()));
      Files.move(part, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "%s cannot be written (%s): give another --data-dir".formatted(file, e), e);
    }
  }
}
