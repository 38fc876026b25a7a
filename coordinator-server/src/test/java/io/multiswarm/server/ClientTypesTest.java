package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The type definitions of the JavaScript client against the AsyncAPI document: what it says of the
 * wire is made from the document, and must be made anew with each change of it.
 */
class ClientTypesTest {

  private static final Path FILE =
      Path.of("src/main/resources/io/multiswarm/server/http/static/clients/multiswarm.d.ts");

  private static final String MARK =
      "// What follows is made from asyncapi.json by ClientTypesTest, with"
          + " -Dwrite.client.types\n\n";

  @Test
  void types_always_areThoseOfTheDocument() throws IOException {
    String file = Files.readString(FILE);
    String expected = new TypeScriptTypes(WireContract.ofTheServer()).declarations();
    assertThat(file).containsOnlyOnce(MARK);
    int end = file.indexOf(MARK) + MARK.length();
    if (System.getProperty("write.client.types") != null) {
      Files.writeString(FILE, file.substring(0, end) + expected);
    }
    assertThat(Files.readString(FILE).substring(end))
        .as("multiswarm.d.ts; -Dtest=ClientTypesTest -Dwrite.client.types makes it anew")
        .isEqualTo(expected);
  }
}
