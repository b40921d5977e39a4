package dev.gatlingllm.bench.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Links that hold when a folder is moved as a whole, or served. */
final class RelativeLink {

  private RelativeLink() {}

  /** From a page to another file, as a relative reference of a URL. */
  static String between(Path page, Path target) {
    Path folder = page.toAbsolutePath().normalize().getParent();
    Path wanted = target.toAbsolutePath().normalize();
    if (!wanted.getRoot().equals(folder.getRoot())) {
      return wanted.toUri().toString();
    }
    return StreamSupport.stream(folder.relativize(wanted).spliterator(), false)
        .map(name -> URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}
