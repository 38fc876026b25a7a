package io.multiswarm.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.multiswarm.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses SERVER = ArchitectureRules.mainClassesOf("io.multiswarm.server");

  private static final String[] TRANSPORT = {
    "io.multiswarm.server.websocket..",
    "io.multiswarm.server.http..",
    "io.multiswarm.server.client.."
  };

  private static final String[] BYTES_TO_OBJECTS = {
    "io.multiswarm.server.protocol..", "io.multiswarm.server.config.."
  };

  private static final String[] EMBEDDED_REDIS = {"io.multiswarm.server.embedded.."};

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
        .allowEmptyShould(true)
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
  void lettuce_outsideTheEmbeddedRedis_isNotUsed() {
    ArchitectureRules.onlyIn(EMBEDDED_REDIS, "Lettuce", "io.lettuce..").check(SERVER);
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
}
