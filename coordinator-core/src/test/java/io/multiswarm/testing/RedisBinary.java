package io.multiswarm.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * The redis-server that the embedded-redis artifact carries for this platform. It is unpacked here,
 * and not by the artifact's own classes, because those need Guava and Commons IO and leave their
 * directory behind.
 */
final class RedisBinary {

  private static final String VERSION = "7.0.15";

  private RedisBinary() {}

  static Path unpackTo(Path directory) {
    String name = "redis-server-" + VERSION + "-" + platform();
    Path target = directory.resolve("redis-server");
    try (InputStream binary = RedisBinary.class.getResourceAsStream("/" + name)) {
      if (binary == null) {
        throw new IllegalStateException(
            name + " isn't on the class path; run with -Dtest.redis=redis://host:port");
      }
      Files.copy(binary, target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("unpacking " + name + " to " + directory, e);
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (os.startsWith("mac") ? "darwin" : os)
        + "-"
        + switch (arch) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "x86", "i386", "i686" -> "386";
          default -> arch;
        };
  }
}
