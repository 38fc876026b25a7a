package io.multiswarm.load.mutants;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The packaged server with a broken class or script in front of its own, as a program. */
final class MutatedServer {

  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  private MutatedServer() {}

  /**
   * A program that is started as the server is.
   *
   * @param directory where its parts go, and stay while it runs
   */
  static Path of(ServerMutant mutant, Path server, Path directory) {
    try {
      Path classes = Files.createDirectories(directory.resolve("classes"));
      writeBroken(mutant, server, classes);
      Path program = directory.resolve("server.jar");
      var manifest = new Manifest();
      manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().put(Name.MAIN_CLASS, "io.multiswarm.server.Main");
      manifest.getMainAttributes().put(Name.CLASS_PATH, classes.toUri() + " " + server.toUri());
      try (OutputStream file = Files.newOutputStream(program)) {
        new JarOutputStream(file, manifest).close();
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException("for the mutant " + mutant, e);
    }
  }

  private static void writeBroken(ServerMutant mutant, Path server, Path classes)
      throws IOException {
    if (mutant.isJava()) {
      io.multiswarm.testing.Mutant.compile(
          TOP.resolve(mutant.file()),
          mutant.place(),
          mutant.broken(),
          classes,
          server + System.getProperty("path.separator") + io.multiswarm.testing.Mutant.classPath());
    } else {
      Path source = TOP.resolve(mutant.file());
      String broken =
          io.multiswarm.testing.Mutant.replaced(
              Files.readString(source), mutant.place(), mutant.broken());
      Path name = TOP.resolve(ServerMutant.Lua.SOURCES).relativize(source);
      write(classes.resolve(name.toString()), broken.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
