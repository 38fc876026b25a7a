package io.multiswarm.load.scenario;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * A terminal in which progress is one line that is written anew. Whatever else is said comes below
 * it.
 *
 * <p><b>Threading.</b> Safe.
 */
public final class Terminal extends PrintWriter {

  /**
   * What is too long is cut at the edge: a line that is broken in two could not be written anew.
   */
  private static final String CUT = "\r\033[?7l%s\033[K\033[?7h";

  private boolean rewriting;

  public Terminal(Writer out) {
    super(out);
  }

  /** Says how it goes, in place of what was said of that before. */
  synchronized void rewrite(String line) {
    rewriting = false;
    write(CUT.formatted(line));
    rewriting = true;
    flush();
  }

  @Override
  public synchronized void write(int character) {
    leave();
    super.write(character);
  }

  @Override
  public synchronized void write(char[] text, int from, int length) {
    leave();
    super.write(text, from, length);
  }

  @Override
  public synchronized void write(String text, int from, int length) {
    leave();
    super.write(text, from, length);
  }

  /** The line stays as it is, and the next begins. */
  private void leave() {
    if (rewriting) {
      rewriting = false;
      println();
    }
  }
}
