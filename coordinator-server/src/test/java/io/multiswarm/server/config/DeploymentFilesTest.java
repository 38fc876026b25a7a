package io.multiswarm.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the files for containers set is a setting. */
class DeploymentFilesTest {

  private static final List<String> SETTINGS =
      Arrays.stream(Setting.values()).map(Enum::name).toList();

  private static List<String> names(String file, String pattern) throws IOException {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(Path.of("..", file)))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void environment_ofTheComposition_isOfSettings() throws IOException {
    assertThat(names("compose.yaml", "^    ([A-Z][A-Z_]+):"))
        .contains("REDIS_URL", "INSECURE")
        .isSubsetOf(SETTINGS);
  }

  @Test
  void environment_ofTheManifests_isOfSettings() throws IOException {
    assertThat(names("docs/deploy/kubernetes.yaml", "^ +- name: ([A-Z][A-Z_]+)$"))
        .contains("REDIS_URL", "AUTH_TOKENS_FILE", "INSECURE")
        .isSubsetOf(SETTINGS);
  }

  @Test
  void environment_ofTheImage_isOfSettings() throws IOException {
    assertThat(names("Dockerfile", "[ ,]([A-Z][A-Z_]+)="))
        .contains("HOST", "DATA_DIR")
        .isSubsetOf(SETTINGS);
  }
}
