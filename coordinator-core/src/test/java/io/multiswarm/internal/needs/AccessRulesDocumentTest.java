package io.multiswarm.internal.needs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page of operations has the rules of the code. {@code -Daccess.document=write} writes them
 * anew.
 */
class AccessRulesDocumentTest {

  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final String BEGIN = "<!-- access: written by AccessRulesDocumentTest -->\n";
  private static final String END = "<!-- end of access -->\n";

  @Test
  void page_always_hasTheRulesOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (System.getProperty("access.document", "").equals("write")) {
      Files.writeString(PAGE, page.substring(0, begin) + text() + page.substring(end));
      return;
    }

    assertThat(page.substring(begin, end)).isEqualTo(text());
  }

  private static String text() {
    return "```\n"
        + "ACL SETUSER coordinator on >PASSWORD "
        + NeededCommand.inShort("swarm:*")
        + "\n```\n\nor, by name:\n\n```\n"
        + wrapped("ACL SETUSER coordinator on >PASSWORD " + NeededCommand.listed("swarm:*"))
        + "\n```\n\n| refused | a node works all the same, but |\n|---|---|\n"
        + Arrays.stream(NeededCommand.values())
            .filter(NeededCommand::isOptional)
            .map(command -> "| `" + command.words() + "` | " + command.without() + " |\n")
            .collect(Collectors.joining());
  }

  private static String wrapped(String rules) {
    StringBuilder text = new StringBuilder();
    int width = 0;
    for (String word : rules.split(" ")) {
      if (width + word.length() > 110) {
        text.append("\\\n  ");
        width = 2;
      }
      text.append(word).append(' ');
      width += word.length() + 1;
    }
    return text.toString().stripTrailing();
  }
}
