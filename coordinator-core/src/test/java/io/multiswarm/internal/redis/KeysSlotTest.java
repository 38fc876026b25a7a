package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every key and channel of a fleet lies in one slot of a cluster: scripts take no name but those
 * that {@link Keys} makes.
 */
class KeysSlotTest {

  /** All names that there are, each with an id of its own. */
  private static Set<String> names(Keys keys) {
    return Arrays.stream(Keys.class.getMethods())
        .filter(method -> method.getDeclaringClass() == Keys.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !method.getReturnType().equals(Supplier.class))
        .flatMap(method -> namesOf(keys, method))
        .collect(Collectors.toSet());
  }

  private static Stream<String> namesOf(Keys keys, Method method) {
    Object[] ids =
        Arrays.stream(method.getParameterTypes())
            .map(type -> type.isArray() ? new String[] {"part", "x1"} : (Object) "swarm:x2")
            .toArray();
    try {
      Object made = method.invoke(keys, ids);
      return made instanceof Collection<?> list
          ? list.stream().map(String::valueOf)
          : Stream.of(String.valueOf(made));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(method + " makes no name", e);
    }
  }

  @Test
  void fleet_withAName_isInOneSlot() {
    Set<String> names = names(new Keys("blue"));

    assertThat(names).hasSizeGreaterThan(30).contains("{blue}:swarm:leader");
    assertThat(names).extracting(SlotHash::getSlot).containsOnly(SlotHash.getSlot("blue"));
  }

  @Test
  void fleet_withoutAName_isInOneSlotOfACluster() {
    Keys keys = new Keys("");
    Supplier<List<String>> list = keys.list(() -> List.of(keys.leader()));
    assertThat(list.get()).containsExactly("swarm:leader");
    assertThat(names(keys)).allMatch(name -> name.startsWith("swarm:"));

    keys.onCluster();

    assertThat(list.get()).containsExactly("{swarm}:leader");
    assertThat(names(keys)).extracting(SlotHash::getSlot).containsOnly(SlotHash.getSlot("swarm"));
  }

  @Test
  void channels_ofAnotherDatabase_areNotThoseOfTheFirst() {
    Keys first = new Keys("", 0);
    Keys third = new Keys("", 3);

    assertThat(List.of(first.channel("swarm:global"), first.signals(), first.nodeSignals("n")))
        .containsExactly("swarm:global", "swarm:sys:signal", "swarm:sys:signal:n");
    assertThat(List.of(third.channel("swarm:global"), third.signals(), third.nodeSignals("n")))
        .containsExactly("swarm:@3:global", "swarm:@3:sys:signal", "swarm:@3:sys:signal:n");
    assertThat(third.leader()).isEqualTo("swarm:leader");
  }
}
