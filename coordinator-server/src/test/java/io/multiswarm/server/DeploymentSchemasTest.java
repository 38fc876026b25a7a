package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files for Kubernetes and for Compose, looked at by what others made for that. */
@Timeout(300)
class DeploymentSchemasTest {

  private static final Path MANIFESTS = Path.of("../docs/deploy/kubernetes.yaml");
  private static final Path COMPOSITION = Path.of("../compose.yaml");

  @TempDir private Path directory;

  private final ClientRuntime node = ClientRuntime.node("Node 22", "node22");

  @BeforeEach
  void prepare() throws Exception {
    ClientRuntime.link(directory);
    Files.copy(Path.of("src/test/clients/manifests.mjs"), directory.resolve("manifests.mjs"));
  }

  private List<String> said(String manifests) throws Exception {
    node.assumePresent();
    Files.writeString(directory.resolve("manifests.yaml"), manifests);
    try (ClientProcess script = node.start(directory, "manifests", "manifests.yaml")) {
      script.awaitSuccess();
      return script.awaitOut();
    }
  }

  @Test
  void manifests_always_areAsTheSchemasSay() throws Exception {
    assertThat(said(Files.readString(MANIFESTS))).containsExactly("looked at 3");
  }

  @Test
  void manifests_withAWrongNameTypeOrKind_areRefused() throws Exception {
    String wrong =
        Files.readString(MANIFESTS)
            .replace("readOnlyRootFilesystem", "readOnlyRootFilesystm")
            .replace("maxUnavailable: 1\n", "maxUnavailable: [1]\n")
            .replace("kind: Service\n", "kind: Servise\n");
    assertThat(said(wrong))
        .anyMatch(
            line -> line.startsWith("wrong: ") && line.contains("'\"readOnlyRootFilesystm\"'"))
        .anyMatch(line -> line.startsWith("wrong: PodDisruptionBudget"))
        .anyMatch(line -> line.startsWith("wrong: Servise"))
        .hasSize(4);
  }

  private int composes(String composition) throws Exception {
    List<String> command =
        Stream.of(System.getenv("PATH").split(":"))
            .map(path -> Path.of(path, "docker-compose"))
            .filter(Files::isExecutable)
            .map(program -> List.of(program.toString(), "--file", "compose.yaml", "config", "-q"))
            .findFirst()
            .orElse(List.of());
    assumeTrue(!command.isEmpty(), "docker-compose is not here; .ci/run installs it");
    Files.writeString(directory.resolve("compose.yaml"), composition);
    try (ClientProcess program = ClientProcess.start(directory, command)) {
      return program.awaitEnd();
    }
  }

  @Test
  void composition_always_isUnderstood() throws Exception {
    assertThat(composes(Files.readString(COMPOSITION))).isZero();
  }

  @Test
  void composition_withAMisspeltName_isRefused() throws Exception {
    String wrong = Files.readString(COMPOSITION).replace("stop_grace_period", "stop_grace_perod");
    assertThat(composes(wrong)).isPositive();
  }
}
