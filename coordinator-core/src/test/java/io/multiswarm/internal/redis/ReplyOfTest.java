package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaEnumConstant;
import io.multiswarm.testing.ArchitectureRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lies where in the reply of a script is known in one place. */
class ReplyOfTest {

  private static final JavaClasses CORE = ArchitectureRules.mainClassesOf("io.multiswarm");

  /** What a {@link ScriptReply} gives by position, or because of how many there are. */
  private static final Set<String> BY_POSITION =
      Set.of(
          "size", "isNull", "number", "string", "stringOrNull", "bytes", "list", "strings", "from");

  @Test
  void replies_areReadByPosition_whereTheirScriptIsNamed() {
    List<String> others = new ArrayList<>();
    int reads = 0;
    for (JavaClass type : CORE) {
      List<String> found = readsByPosition(type).toList();
      reads += found.size();
      if (!isAdapter(type) && !type.isEquivalentTo(ScriptReply.class)) {
        others.addAll(found);
      }
    }

    assertThat(reads).isGreaterThan(100);
    assertThat(others).as("read it once, in a record that says @ReplyOf").isEmpty();
  }

  @Test
  void script_always_hasOneAdapter() {
    List<String> named =
        CORE.stream()
            .filter(type -> type.isAnnotatedWith(ReplyOf.class))
            .flatMap(ReplyOfTest::scripts)
            .toList();

    assertThat(named).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Script.values()).map(Script::name)).containsAll(named);
  }

  private static Stream<String> readsByPosition(JavaClass type) {
    return type.getAccessesFromSelf().stream()
        .filter(access -> access.getTargetOwner().isEquivalentTo(ScriptReply.class))
        .filter(access -> BY_POSITION.contains(access.getTarget().getName()))
        .map(access -> access.getDescription());
  }

  private static boolean isAdapter(JavaClass type) {
    return type.isAnnotatedWith(ReplyOf.class)
        || type.getEnclosingClass().map(ReplyOfTest::isAdapter).orElse(false);
  }

  private static Stream<String> scripts(JavaClass adapter) {
    JavaAnnotation<JavaClass> names = adapter.getAnnotationOfType(ReplyOf.class.getName());
    return Arrays.stream((JavaEnumConstant[]) names.getExplicitlyDeclaredProperty("value"))
        .map(JavaEnumConstant::name);
  }
}
