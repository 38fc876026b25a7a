package io.multiswarm.server.files;

import io.multiswarm.common.CoordinationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What some files say, together: a certificate and its key belong to each other.
 *
 * <p>New contents count when two looks in a row have found the same, so that a file that is just
 * being written is not taken for a whole one. What cannot be read then is told once, and the former
 * value stays.
 *
 * <p><b>Threading.</b> {@link #value} on any thread; {@link #look} on one at a time.
 *
 * @param <T> what is made of the contents
 */
public final class WatchedFiles<T> {

  private static final Logger log = LoggerFactory.getLogger(WatchedFiles.class);

  private static final int LARGEST = 4 << 20;

  private final String setting;
  private final List<Path> paths;
  private final Function<List<byte[]>, T> reader;
  private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
  private volatile T value;
  private String accepted;
  private @Nullable String seen;
  private @Nullable String refused;

  private WatchedFiles(String setting, List<Path> paths, Function<List<byte[]>, T> reader) {
    this.setting = setting;
    this.paths = List.copyOf(paths);
    this.reader = reader;
    List<byte[]> contents = read();
    this.value = made(contents);
    this.accepted = digest(contents);
  }

  /**
   * Reads the files for the first time. Blocks.
   *
   * @param setting that named them, for messages
   * @param reader of the contents in the order of the paths; refuses by a {@link FileException} or
   *     a {@link CoordinationException}
   * @throws FileException when they cannot be used
   */
  public static <T> WatchedFiles<T> open(
      String setting, List<Path> paths, Function<List<byte[]>, T> reader) {
    return new WatchedFiles<>(setting, paths, reader);
  }

  /** What the files said when they last made sense. */
  public T value() {
    return value;
  }

  /** Tells of each further value, on the thread that looks, which may block. */
  public void onChange(Consumer<T> listener) {
    listeners.add(listener);
  }

  /** Looks whether they changed, and tells the listeners. Blocks. */
  void look() {
    String found = "";
    try {
      List<byte[]> contents = read();
      found = digest(contents);
      if (found.equals(accepted)) {
        refused = null;
      } else if (found.equals(seen) && !found.equals(refused)) {
        value = made(contents);
        accepted = found;
        refused = null;
        log.info("{}: read {} anew", setting, names());
        listeners.forEach(listener -> listener.accept(value));
      }
    } catch (FileException e) {
      // What cannot even be read has no digest: its reason stands for it.
      String what = found.isEmpty() ? String.valueOf(e.getMessage()) : found;
      if (what.equals(found) || what.equals(seen)) {
        refuse(what, e);
      }
      found = what;
    }
    seen = found;
  }

  private void refuse(String what, FileException why) {
    if (!what.equals(refused)) {
      refused = what;
      log.warn("{}; what was read before stays in force", why.getMessage());
    }
  }

  private T made(List<byte[]> contents) {
    try {
      return reader.apply(contents);
    } catch (FileException | CoordinationException e) {
      throw new FileException(setting + ": " + names() + ": " + e.getMessage());
    }
  }

  private List<byte[]> read() {
    List<byte[]> contents = new ArrayList<>(paths.size());
    for (Path path : paths) {
      contents.add(read(path));
    }
    return contents;
  }

  private byte[] read(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // A pipe may have nobody who writes, and a device no end.
      throw new FileException("%s: %s is no regular file".formatted(setting, path));
    }
    try (InputStream file = Files.newInputStream(path)) {
      // Read and not measured, for it may grow meanwhile.
      byte[] content = file.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new FileException("%s: %s has more than %d bytes".formatted(setting, path, LARGEST));
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new FileException("%s: there is no file %s".formatted(setting, path));
    } catch (IOException e) {
      throw new FileException("%s: %s cannot be read (%s)".formatted(setting, path, e));
    }
  }

  private String names() {
    return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  /** So that secrets are not kept only to be compared. */
  private static String digest(List<byte[]> contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] content : contents) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
        digest.update(content);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
