package io.multiswarm.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A class of the module under test that is broken on purpose in one place, to show that a check
 * convicts it. The place is looked up in the source and must be there exactly once, so a mutant
 * can't outlive the code that it breaks.
 */
public final class Mutant {

  private static final Path SOURCES = Path.of("src/main/java");

  private final Path classes;

  private Mutant(Path classes) {
    this.classes = classes;
  }

  /**
   * Compiles a broken class.
   *
   * @param original a class of {@code src/main/java}
   * @param place a piece of its source; white space may differ
   * @param broken what stands there instead
   * @param directory where the classes go
   */
  public static Mutant compile(Class<?> original, String place, String broken, Path directory) {
    String file = original.getName().replace('.', '/') + ".java";
    return compile(SOURCES.resolve(file), place, broken, directory, classPath());
  }

  /**
   * The same, of any module.
   *
   * @param original the source of the class
   * @param classPath what it is compiled against
   */
  public static Mutant compile(
      Path original, String place, String broken, Path directory, String classPath) {
    try {
      Path source = directory.resolve(original.getFileName());
      Files.writeString(source, replaced(Files.readString(original), place, broken));
      compile(source, directory, classPath);
      Files.delete(source);
    } catch (IOException e) {
      throw new UncheckedIOException("for a mutant of " + original, e);
    }
    return new Mutant(directory);
  }

  /** A text of which one place, that must be there exactly once, is another. */
  public static String replaced(String source, String place, String broken) {
    String pattern =
        Arrays.stream(place.strip().split("\\s+"))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+"));
    Matcher found = Pattern.compile(pattern).matcher(source);
    long times = found.results().count();
    if (times != 1) {
      throw new AssertionError("The source has " + times + " times: " + place);
    }
    return found.replaceFirst(Matcher.quoteReplacement(broken));
  }

  private static void compile(Path source, Path directory, String classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-classpath", classPath, "-d", directory.toString());
    boolean done =
        compiler
            .getTask(
                said,
                null,
                null,
                options,
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    if (!done) {
      throw new AssertionError("The mutant does not compile: " + said);
    }
  }

  /** The class path of the tests with the broken class in front, for a process of its own. */
  public String inFrontOf() {
    return classes + System.getProperty("path.separator") + classPath();
  }

  /** The class path of the tests. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /**
   * A class as it is when the broken one takes the place of the original, in this process. It
   * shares nothing with the class of that name that the caller knows but what lies outside of the
   * packages.
   *
   * @param packages that are loaded anew: those of the broken class and of who uses it
   */
  public Class<?> load(Class<?> user, List<String> packages) {
    try {
      return Class.forName(user.getName(), true, new Anew(urls(user), packages));
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private URL[] urls(Class<?> user) throws IOException {
    Path main = Path.of("target/classes");
    URL test = user.getProtectionDomain().getCodeSource().getLocation();
    return new URL[] {classes.toUri().toURL(), main.toUri().toURL(), test};
  }

  /** Loads its packages itself, and everything else as usual. */
  private static final class Anew extends URLClassLoader {
    private final List<String> packages;

    Anew(URL[] urls, List<String> packages) {
      super(urls, Mutant.class.getClassLoader());
      this.packages = packages;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        boolean mine = packages.contains(name.substring(0, name.lastIndexOf('.')));
        Class<?> loaded = mine ? findLoadedClass(name) : super.loadClass(name, resolve);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
