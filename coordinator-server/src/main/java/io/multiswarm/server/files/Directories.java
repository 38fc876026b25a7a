package io.multiswarm.server.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Directories with all that lies in them. */
public final class Directories {

  private Directories() {}

  /**
   * Removes one, if it is there, also where a directory in it may not be read or changed. What
   * cannot be removed stays, and keeps nothing else from being removed.
   *
   * @throws IOException when something stays; tells the first reason
   */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, NOFOLLOW_LINKS)) {
      return;
    }
    Removal removal = new Removal();
    Files.walkFileTree(root, removal);
    if (removal.failure != null) {
      throw removal.failure;
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {

    private static final Set<PosixFilePermission> ALL =
        Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);

    private @Nullable IOException failure;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused) {
      opened(directory);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes unused) {
      remove(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
      if (Files.isDirectory(file, NOFOLLOW_LINKS) && opened(file)) {
        Files.walkFileTree(file, this);
      } else {
        failed(why);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why) {
      if (why != null) {
        failed(why);
      }
      remove(directory);
      return FileVisitResult.CONTINUE;
    }

    /** Whether its owner may do more with it now. */
    private static boolean opened(Path directory) {
      try {
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(directory, NOFOLLOW_LINKS);
        if (!modes.addAll(ALL)) {
          return false;
        }
        Files.setPosixFilePermissions(directory, modes);
        return true;
      } catch (IOException | UnsupportedOperationException notOurs) {
        return false; // then its removal tells why not
      }
    }

    private void remove(Path path) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        failed(e);
      }
    }

    private void failed(IOException why) {
      failure = failure == null ? why : failure;
    }
  }
}
