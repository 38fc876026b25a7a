package io.multiswarm.testing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What class files do not show: the length of files and methods, and names that stand for two
 * things. It reads the main sources of modules as javac's parser sees them.
 */
public final class SourceRules {

  private static final int MOST_LINES_OF_A_FILE = 300;
  private static final int MOST_LINES_OF_A_METHOD = 40;
  private static final int MOST_TYPES_OF_A_PACKAGE = 24;

  private final List<TopLevel> types = new ArrayList<>();
  private final Map<String, Integer> files = new TreeMap<>();
  private final Map<String, Integer> methods = new TreeMap<>();
  private final List<String> undocumented = new ArrayList<>();

  /** A type that is the outermost of its file. */
  private record TopLevel(String packageName, String simpleName, boolean isPublic) {
    String name() {
      return packageName + "." + simpleName;
    }
  }

  private SourceRules() {}

  /** The main sources of modules, by their directories as seen from the module under test. */
  public static SourceRules ofModules(String... directories) {
    SourceRules rules = new SourceRules();
    for (String directory : directories) {
      List<Path> sources = sources(Path.of(directory, "src", "main", "java"));
      if (sources.isEmpty()) {
        throw new IllegalStateException("no sources in " + directory);
      }
      rules.read(sources);
    }
    return rules;
  }

  /** Of top-level types. */
  public int countOfTypes() {
    return types.size();
  }

  /** Of top-level types that everybody can see, in the packages asked for. */
  public long countOfPublicTypes(Predicate<String> packages) {
    return types.stream()
        .filter(type -> type.isPublic() && packages.test(type.packageName()))
        .count();
  }

  /** Files that are longer than a file may be, and their lines. */
  public Map<String, Integer> longFiles() {
    return over(MOST_LINES_OF_A_FILE, files);
  }

  /** Methods that are longer than a method may be, and their lines. */
  public Map<String, Integer> longMethods() {
    return over(MOST_LINES_OF_A_METHOD, methods);
  }

  /** Packages that hold more top-level types than a reader can keep in mind, and how many. */
  public Map<String, Integer> largePackages() {
    Map<String, Integer> sizes = new TreeMap<>();
    types.forEach(type -> sizes.merge(type.packageName(), 1, Integer::sum));
    return over(MOST_TYPES_OF_A_PACKAGE, sizes);
  }

  /** Simple names that stand for more than one type, and these types. */
  public Map<String, Collection<String>> ambiguousNames() {
    Map<String, Collection<String>> names =
        types.stream()
            .collect(
                groupingBy(
                    TopLevel::simpleName,
                    TreeMap::new,
                    mapping(TopLevel::name, toCollection(TreeSet::new))));
    names.values().removeIf(meanings -> meanings.size() == 1);
    return names;
  }

  /** Of the types in or below the package: how many in a hundred nobody outside theirs can see. */
  public long hiddenPercent(String below) {
    List<TopLevel> looked =
        types.stream().filter(type -> (type.packageName() + ".").startsWith(below + ".")).toList();
    if (looked.isEmpty()) {
      throw new IllegalStateException("no types in " + below);
    }
    return 100 * looked.stream().filter(type -> !type.isPublic()).count() / looked.size();
  }

  /**
   * Public types, and public methods of public types, of which Javadoc says nothing. Not asked for
   * where another place says it: what overrides, and the components of records.
   */
  public List<String> undocumented(Predicate<String> packages) {
    return undocumented.stream().filter(packages).sorted().toList();
  }

  private static Map<String, Integer> over(int most, Map<String, Integer> sizes) {
    return sizes.entrySet().stream()
        .filter(size -> size.getValue() > most)
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum, TreeMap::new));
  }

  private static List<Path> sources(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !path.endsWith("package-info.java"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(List<Path> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(sources));
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        read(unit, trees);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(CompilationUnitTree unit, Trees trees) throws IOException {
    String text = unit.getSourceFile().getCharContent(true).toString();
    String packageName = unit.getPackageName().toString();
    for (Tree declared : unit.getTypeDecls()) {
      if (declared instanceof ClassTree type) {
        boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
        TopLevel read = new TopLevel(packageName, type.getSimpleName().toString(), isPublic);
        types.add(read);
        files.put(read.name(), (int) text.lines().count());
      }
    }
    new Methods(unit, trees, packageName).scan(unit, null);
  }

  private final class Methods extends TreePathScanner<Void, Void> {

    private final CompilationUnitTree unit;
    private final Trees trees;
    private final String packageName;

    Methods(CompilationUnitTree unit, Trees trees, String packageName) {
      this.unit = unit;
      this.trees = trees;
      this.packageName = packageName;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      if (isVisible(getCurrentPath()) && !isDocumented()) {
        undocumented.add(packageName + "." + type.getSimpleName());
      }
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      long from = trees.getSourcePositions().getStartPosition(unit, method);
      long to = trees.getSourcePositions().getEndPosition(unit, method);
      ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      int lines =
          (int) (unit.getLineMap().getLineNumber(to) - unit.getLineMap().getLineNumber(from)) + 1;
      methods.merge(
          packageName + "." + owner.getSimpleName() + "." + method.getName(), lines, Math::max);
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.toString().startsWith("@Override"));
      boolean elsewhere =
          overrides
              || (owner.getKind() == Tree.Kind.RECORD
                  && (method.getReturnType() == null
                      || method.getName().toString().startsWith("with")));
      if (isVisible(getCurrentPath()) && !elsewhere && !isDocumented()) {
        undocumented.add(packageName + "." + owner.getSimpleName() + "." + method.getName());
      }
      return super.visitMethod(method, null);
    }

    private boolean isDocumented() {
      return trees.getDocComment(getCurrentPath()) != null;
    }

    /** Of an interface all is public. */
    private static boolean isVisible(TreePath path) {
      if (path.getLeaf() instanceof CompilationUnitTree) {
        return true;
      }
      TreePath parent = path.getParentPath();
      Set<Modifier> modifiers =
          path.getLeaf() instanceof MethodTree method
              ? method.getModifiers().getFlags()
              : path.getLeaf() instanceof ClassTree type
                  ? type.getModifiers().getFlags()
                  : Set.of();
      return (modifiers.contains(Modifier.PUBLIC)
              || parent.getLeaf().getKind() == Tree.Kind.INTERFACE)
          && isVisible(parent);
    }
  }
}
