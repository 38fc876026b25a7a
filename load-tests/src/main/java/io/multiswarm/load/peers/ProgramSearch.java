package io.multiswarm.load.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where programs of this machine are.
 *
 * @param directories in the order in which they are looked through
 * @param named those whose place somebody said
 */
public record ProgramSearch(List<Path> directories, Map<String, Path> named) {

  /** Where Debian has servers, which is not in everybody's {@code PATH}. */
  private static final String OF_SERVERS = "/usr/sbin";

  /**
   * @param path as the variable {@code PATH} has it
   * @param named the places of some, by their names
   */
  public static ProgramSearch along(String path, Map<String, Path> named) {
    return new ProgramSearch(
        Stream.concat(Arrays.stream(path.split(File.pathSeparator, -1)), Stream.of(OF_SERVERS))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .toList(),
        named);
  }

  /**
   * The places of all these programs. Looks at the disk.
   *
   * @throws IllegalStateException when some lack, in words for the person at the keyboard
   */
  Map<String, Path> places(Collection<String> programs) {
    Map<String, Path> places = new LinkedHashMap<>();
    programs.forEach(name -> place(name).ifPresent(place -> places.put(name, place)));
    List<String> lacking = programs.stream().filter(name -> !places.containsKey(name)).toList();
    if (!lacking.isEmpty()) {
      throw new IllegalStateException(
          "These programs are needed and neither in the PATH nor named: %s. Debian has them as nodejs, npm, redis-server and nats-server; --only leaves out what needs them"
              .formatted(String.join(", ", lacking)));
    }
    return places;
  }

  private Optional<Path> place(String name) {
    Path said = named.get(name);
    Stream<Path> candidates =
        said == null
            ? directories.stream().map(directory -> directory.resolve(name))
            : Stream.of(said);
    return candidates
        .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
        .findFirst();
  }
}
