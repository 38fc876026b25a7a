package io.multiswarm.server.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {

  @TempDir private Path directory;
  private Path file;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(directory.resolve("f"), "one");
  }

  private WatchedFiles<String> open() {
    WatchedFiles<String> files =
        WatchedFiles.open(
            "SETTING",
            List.of(file),
            contents -> {
              String text = new String(contents.get(0), StandardCharsets.UTF_8);
              if (text.startsWith("bad")) {
                throw new FileException("is bad");
              }
              return text;
            });
    files.onChange(told::add);
    return files;
  }

  @Test
  void change_seenTwice_counts() throws Exception {
    WatchedFiles<String> files = open();
    Files.writeString(file, "tw");
    files.look();
    Files.writeString(file, "two");
    files.look();
    assertThat(files.value()).isEqualTo("one");

    files.look();

    assertThat(files.value()).isEqualTo("two");
    files.look();
    assertThat(told).containsExactly("two");
  }

  @Test
  void change_thatCannotBeRead_leavesWhatWas() throws Exception {
    WatchedFiles<String> files = open();
    Files.writeString(file, "bad one");
    files.look();
    files.look();
    files.look();
    assertThat(files.value()).isEqualTo("one");

    Files.delete(file);
    files.look();
    files.look();
    assertThat(files.value()).isEqualTo("one");

    Files.writeString(file, "three");
    files.look();
    files.look();
    assertThat(files.value()).isEqualTo("three");
    assertThat(told).containsExactly("three");
  }

  @Test
  void file_thatIsBrokenAtFirst_isRefusedByName() throws Exception {
    Files.writeString(file, "bad");
    assertThatThrownBy(this::open).hasMessage("SETTING: " + file + ": is bad");
    Files.delete(file);
    assertThatThrownBy(this::open).hasMessage("SETTING: there is no file " + file);
  }

  @Test
  void file_thatIsChangedForOneWithoutEnd_leavesWhatWas() throws Exception {
    WatchedFiles<String> files = open();
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    files.look();
    files.look();
    assertThat(files.value()).isEqualTo("one");
    assertThatThrownBy(this::open).hasMessageContaining("is no regular file");
  }
}
