package io.multiswarm.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwarmMetadataTest {

  @Test
  void metadata_ofNothing_hasTheDefaults() {
    assertThat(SwarmMetadata.NONE.json())
        .hasToString(
            "{\"creator\":null,\"phase\":null,\"priority\":\"normal\",\"capabilities\":[],\"tags\":[]}");
  }

  @Test
  void metadata_ofOtherMembers_keepsTheirBytes() {
    SwarmMetadata read =
        SwarmMetadata.of(Json.parse("{\"n\":1.10,\"tags\":[\"a\"],\"o\":{\"x\":null, \"y\":[]}}"));

    assertThat(read.tags()).containsExactly("a");
    assertThat(read.json().toString()).endsWith(",\"n\":1.10,\"o\":{\"x\":null, \"y\":[]}}");
    assertThat(SwarmMetadata.of(read.json())).isEqualTo(read);
  }

  @Test
  void metadata_withTypedMembersOfAnotherType_isRefused() {
    for (String wrong :
        List.of(
            "[]",
            "\"x\"",
            "{\"creator\":1}",
            "{\"phase\":[]}",
            "{\"priority\":\"urgent\"}",
            "{\"priority\":1}",
            "{\"capabilities\":\"api\"}",
            "{\"capabilities\":[1]}",
            "{\"tags\":{}}")) {
      assertThatThrownBy(() -> SwarmMetadata.of(Json.parse(wrong)))
          .as(wrong)
          .isInstanceOf(CoordinationException.class)
          .satisfies(
              e ->
                  assertThat(((CoordinationException) e).code())
                      .isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  @Test
  void patch_withNulls_bringsTheDefaultsBack() {
    SwarmMetadata read =
        SwarmMetadata.of(Json.parse("{\"priority\":\"high\",\"phase\":\"x\",\"own\":1}"));
    SwarmMetadata merged =
        read.mergedWith(Json.parse("{\"priority\":null,\"phase\":null,\"own\":null}"));

    assertThat(merged).isEqualTo(SwarmMetadata.NONE);
  }
}
