package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Compiles sources that are no classes of the tests. */
public final class JavaSources {

  private JavaSources() {}

  /** Compiles a file into a folder of classes; fails the test if it does not compile. */
  public static void compile(Path source, String classPath, Path classes) {
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-proc:none",
                    "-cp",
                    classPath,
                    "-d",
                    classes.toString(),
                    source.toString()))
        .as("%s", source)
        .isZero();
  }
}
