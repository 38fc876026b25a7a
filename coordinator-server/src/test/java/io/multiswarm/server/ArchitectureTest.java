package io.multiswarm.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.multiswarm.testing.ArchitectureRules;
import io.multiswarm.testing.SourceRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses SERVER = ArchitectureRules.mainClassesOf("io.multiswarm.server");

  private static final SourceRules SOURCES = SourceRules.ofModules("../coordinator-server");

  private static final String[] TRANSPORT = {
    "io.multiswarm.server.websocket..",
    "io.multiswarm.server.http..",
    "io.multiswarm.server.client..",
    "io.multiswarm.server.mcp"
  };

  private static final String[] BYTES_TO_OBJECTS = {"io.multiswarm.server.protocol.."};

  private static final String[] MCP = {"io.multiswarm.server.mcp"};

  @Test
  void packages_always_haveNoCycles() {
    ArchitectureRules.noPackageCycles().check(SERVER);
  }

  @Test
  void packages_always_areNullMarked() {
    ArchitectureRules.everyPackageIsNullMarked().check(SERVER);
  }

  @Test
  void core_fromTheServer_isUsedThroughItsPublicApi() {
    noClasses()
        .that()
        .resideInAPackage("io.multiswarm.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.multiswarm.internal..")
        .because(
            "what the server needs, others who embed the library need too. Add it to the public"
                + " interface of the package that owns it")
        .check(SERVER);
  }

  @Test
  void netty_outsideTheTransport_isNotUsed() {
    ArchitectureRules.onlyIn(TRANSPORT, "Netty", "io.netty..", "reactor.netty..").check(SERVER);
  }

  @Test
  void sdkOfMcp_outsideItsTransport_isNotUsed() {
    ArchitectureRules.onlyIn(MCP, "the SDK of MCP", "io.modelcontextprotocol..").check(SERVER);
  }

  @Test
  void mcp_fromTheRest_isNotUsed() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.multiswarm.server", "io.multiswarm.server.mcp..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.multiswarm.server.mcp..")
        .because(
            "MCP is one of the server's doors. What another door needs, too, belongs behind both")
        .check(SERVER);
  }

  @Test
  void lettuce_inTheServer_isNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.lettuce..")
        .because("Redis is the library's: ask for what is missing in its public interface")
        .check(SERVER);
  }

  @Test
  void jackson_outsideTheProtocol_isNotUsed() {
    ArchitectureRules.onlyIn(
            BYTES_TO_OBJECTS, "Jackson", "tools.jackson..", "com.fasterxml.jackson..")
        .check(SERVER);
  }

  @Test
  void mainCode_always_doesNotBlock() {
    ArchitectureRules.noBlocking().check(SERVER);
  }

  @Test
  void mainCode_always_readsNoWallClock() {
    ArchitectureRules.noWallClock().check(SERVER);
  }

  @Test
  void mainCode_always_usesInjectedSchedulers() {
    ArchitectureRules.noGlobalSchedulers().check(SERVER);
  }

  @Test
  void constructors_always_takeFewThings() {
    ArchitectureRules.noLongConstructors().check(SERVER);
  }

  @Test
  void filesAndMethods_always_areShort() {
    // A table: an entry for each setting.
    assertThat(List.of("io.multiswarm.server.config.Setting"))
        .containsAll(SOURCES.longFiles().keySet());
    assertThat(SOURCES.longMethods()).isEmpty();
  }

  @Test
  void packages_always_fitInOnesMind() {
    // One type a kind of credential, a group of methods, a part of a session.
    assertThat(
            List.of(
                "io.multiswarm.server.auth",
                "io.multiswarm.server.methods",
                "io.multiswarm.server.session"))
        .containsAll(SOURCES.largePackages().keySet());
  }

  @Test
  void types_ofTheServer_areHiddenWhereTheyCanBe() {
    assertThat(SOURCES.hiddenPercent("io.multiswarm.server")).isGreaterThanOrEqualTo(60);
  }
}
