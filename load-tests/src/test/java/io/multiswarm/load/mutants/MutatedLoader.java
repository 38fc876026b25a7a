package io.multiswarm.load.mutants;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Loads our classes anew, with some resources exchanged: a product that differs in nothing else
 * from the one that is tested beside it. Third-party classes are shared.
 */
final class MutatedLoader extends ClassLoader {

  private static final String OURS = "io.multiswarm.";

  private final Map<String, byte[]> resources;

  MutatedLoader(Map<String, byte[]> resources) {
    super(MutatedLoader.class.getClassLoader());
    this.resources = resources;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    byte[] exchanged = resources.get(name);
    return exchanged != null
        ? new ByteArrayInputStream(exchanged)
        : super.getResourceAsStream(name);
  }
}
