package io.multiswarm.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The page of all settings says what the command line says. {@code -Dconfiguration.document=write}
 * writes its tables anew.
 */
class ConfigurationDocumentTest {

  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String BEGIN = "<!-- settings: written by ConfigurationDocumentTest -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void page_always_hasEverySettingAsTheCommandLineHasIt() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (System.getProperty("configuration.document", "").equals("write")) {
      Files.writeString(PAGE, page.substring(0, begin) + tables() + page.substring(end));
      return;
    }

    assertThat(page.substring(begin, end)).isEqualTo(tables());
  }

  private static String tables() {
    return Arrays.stream(SettingGroup.values())
        .map(ConfigurationDocumentTest::table)
        .collect(Collectors.joining());
  }

  private static String table(SettingGroup group) {
    ServerCommand command = ServerCommandTest.command(java.util.Map.of(), config -> 0);
    return command.commandLine().getCommandSpec().options().stream()
        .filter(option -> isIn(group, option))
        .map(ConfigurationDocumentTest::row)
        .collect(
            Collectors.joining(
                "",
                "\n### %s\n\n| flag | variable | default | meaning |\n|---|---|---|---|\n"
                    .formatted(group.heading()),
                ""));
  }

  private static boolean isIn(SettingGroup group, OptionSpec option) {
    return option.group() != null && option.group().heading().equals("%n" + group.heading() + "%n");
  }

  private static String row(OptionSpec option) {
    Setting setting =
        Setting.valueOf(
            option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT));
    return "| `%s %s` | `%s` | %s | %s |\n"
        .formatted(
            option.longestName(),
            option.paramLabel().replace("|", "\\|"),
            setting.variable(),
            setting.defaultText().map(text -> "`" + text + "`").orElse("–"),
            option.description()[0].replace("|", "\\|"));
  }
}
