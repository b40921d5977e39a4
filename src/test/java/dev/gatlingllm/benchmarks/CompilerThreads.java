package dev.gatlingllm.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Adds up the processor time of the virtual machine's compilers. The virtual machine starts and
 * ends their threads as it needs them; a thread that ended counts with the time it had when last
 * asked for. Only Linux reports threads that are not Java's own. Used by one thread.
 */
final class CompilerThreads {

  private static final Path THREADS = Path.of("/proc/self/task");

  private final Map<Path, Long> nanos = new HashMap<>();
  private final Set<Path> others = new HashSet<>();

  /** Returns the nanoseconds that the compilers have used so far; 0 if unknown. */
  long nanos() {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        if (!others.contains(thread)) {
          read(thread);
        }
      }
    } catch (IOException | DirectoryIteratorException notLinux) {
      return 0;
    }
    return nanos.values().stream().mapToLong(Long::longValue).sum();
  }

  private void read(Path thread) {
    try {
      if (nanos.containsKey(thread) || isCompiler(thread)) {
        nanos.put(
            thread, Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]));
      } else {
        others.add(thread);
      }
    } catch (IOException ended) {
      // counts with what it had before
    }
  }

  private static boolean isCompiler(Path thread) throws IOException {
    return Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*");
  }
}
