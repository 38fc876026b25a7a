package io.multiswarm.server.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import redis.embedded.RedisExecProvider;

/**
 * The redis-server program that comes with {@code org.signal:embedded-redis}, for this machine.
 *
 * <p>The library would unpack it into a new temporary directory at every start, which nobody clears
 * after a kill. Here it lies in the data directory: unpacked once, and a running process can be
 * recognised by the path of its program.
 */
final class RedisProgram {

  private static final String PART = ".part";

  private RedisProgram() {}

  /**
   * Puts the program into the directory, unless it is there, whole, already.
   *
   * @throws EmbeddedRedisException when there is none for this machine, or it cannot be written
   */
  static Path install(Path directory) {
    String name = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
    Path program = directory.resolve(name);
    try {
      Files.createDirectories(directory, DataDirectory.ownerOnly());
      removeParts(directory);
      if (!isWhole(program, name)) {
        unpack(name, program);
      }
      return program;
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "redis-server cannot be unpacked to %s (%s): give another --data-dir, or a --redis-url"
              .formatted(program, e),
          e);
    }
  }

  /** As {@link #install}, with its version, which needs not be asked. */
  static ServerProgram installed(Path directory) {
    ProgramVersion version =
        ProgramVersion.parse("redis " + RedisExecProvider.redisVersion).orElseThrow();
    return new ServerProgram(install(directory), version);
  }

  static String resourceName(String osName, String osArch) {
    String system =
        switch (osName.toLowerCase(Locale.ROOT)) {
          case "linux" -> "linux";
          case "mac os x" -> "darwin";
          default -> "none";
        };
    String architecture =
        switch (osArch) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "i386", "x86" -> "386";
          default -> "none";
        };
    return "redis-server-%s-%s-%s".formatted(RedisExecProvider.redisVersion, system, architecture);
  }

  /** A crash of the machine can leave a file of the right name with nothing in it. */
  private static boolean isWhole(Path program, String name) throws IOException {
    if (!Files.isExecutable(program)) {
      return false;
    }
    try (InputStream original = resource(name);
        InputStream unpacked = Files.newInputStream(program)) {
      return Arrays.equals(original.readAllBytes(), unpacked.readAllBytes());
    }
  }

  /** What was left by a coordinator that was killed while it unpacked. */
  private static void removeParts(Path directory) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + PART)) {
      for (Path part : parts) {
        Files.delete(part);
      }
    }
  }

  private static void unpack(String name, Path program) throws IOException {
    Path part = Files.createTempFile(program.getParent(), name, PART);
    try (InputStream original = resource(name)) {
      Files.copy(original, part, REPLACE_EXISTING);
      if (!part.toFile().setExecutable(true)) {
        throw new IOException("it cannot be made executable");
      }
      Files.move(part, program, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static InputStream resource(String name) {
    InputStream resource = RedisProgram.class.getClassLoader().getResourceAsStream(name);
    if (resource == null) {
      throw new EmbeddedRedisException(
          "there is no embedded redis-server for this machine (%s on %s): give a --redis-url"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
    return resource;
  }
}
