package io.multiswarm.server.client;

import io.multiswarm.server.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A file that has a token, which is why nobody but its owner may read it. */
final class ProfileFile {

  private static final Set<String> NAMES = Set.of("url", "token", "ca", "fleet");
  private static final Set<PosixFilePermission> OWNERS =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final int MAX_BYTES = 64 << 10;

  private ProfileFile() {}

  static Map<String, String> read(Path file) {
    try {
      if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
        throw new ConfigException(
            "profile " + file + ": others may read or change it; chmod 600 " + file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigException("profile " + file + ": is larger than 64 KiB");
      }
      Map<String, String> values = new HashMap<>();
      Files.readAllLines(file).forEach(line -> add(file, line.strip(), values));
      return values;
    } catch (IOException e) {
      throw new ConfigException("profile " + file + " cannot be read: " + e.getMessage());
    } catch (UnsupportedOperationException e) {
      throw new ConfigException("profile " + file + ": this file system knows no modes");
    }
  }

  private static void add(Path file, String line, Map<String, String> values) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int equals = line.indexOf('=');
    String name = equals < 0 ? "" : line.substring(0, equals).strip();
    if (!NAMES.contains(name)) {
      // Not the line itself, which may be a token.
      throw new ConfigException("profile " + file + ": lines are url=, token=, ca= or fleet=");
    }
    values.put(name, line.substring(equals + 1).strip());
  }
}
