package io.multiswarm.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the files for containers set is a setting, and both images are alike. */
class DeploymentFilesTest {

  private static final List<String> SETTINGS =
      Arrays.stream(Setting.values()).map(Enum::name).toList();

  private static List<String> names(String file, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(read(file))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of("..", file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void imageWithoutADaemon_isLikeThatOfTheDockerfile() {
    String pom = "coordinator-server/src/dist/image/pom.xml";
    Map.of(
            "<user>(.+)</user>", "^USER (.+)$",
            "<workingDirectory>(.+)</workingDirectory>", "^WORKDIR (/var.+)$",
            "<volume>(.+)</volume>", "^VOLUME (.+)$",
            "<port>(.+)</port>", "^EXPOSE (.+)$",
            "<arg>(.+)</arg>", "^ENTRYPOINT \\[\"(.+)\"]$",
            "<HOST>(.+)</HOST>", "^ENV .*HOST=(\\S+)",
            "<DATA_DIR>(.+)</DATA_DIR>", "^ENV .*DATA_DIR=(\\S+)")
        .forEach(
            (ofPom, ofDockerfile) ->
                assertThat(names(pom, ofPom))
                    .as(ofDockerfile)
                    .hasSize(1)
                    .isEqualTo(names("Dockerfile", ofDockerfile)));
  }

  @Test
  void environment_ofTheComposition_isOfSettings() {
    assertThat(names("compose.yaml", "^    ([A-Z][A-Z_]+):"))
        .contains("REDIS_URL", "INSECURE")
        .isSubsetOf(SETTINGS);
  }

  @Test
  void environment_ofTheManifests_isOfSettings() {
    assertThat(names("docs/deploy/kubernetes.yaml", "^ +- name: ([A-Z][A-Z_]+)$"))
        .contains("REDIS_URL", "AUTH_TOKENS_FILE", "INSECURE")
        .isSubsetOf(SETTINGS);
  }

  @Test
  void environment_ofTheImage_isOfSettings() {
    assertThat(names("Dockerfile", "[ ,]([A-Z][A-Z_]+)="))
        .contains("HOST", "DATA_DIR")
        .isSubsetOf(SETTINGS);
  }
}
