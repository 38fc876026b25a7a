package io.multiswarm.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** A file that nobody but the server, and who runs it, should be able to read. */
final class SecretFile {

  private SecretFile() {}

  /**
   * What to tell an operator when every user of the machine may read the file. Nothing where files
   * have no such permissions, and of a file that cannot be asked: who reads it says why. Blocks.
   *
   * @param setting that names the file
   */
  static Optional<String> exposure(String setting, Path path) {
    try {
      return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of("%s: every user can read %s; chmod 600 it".formatted(setting, path))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
