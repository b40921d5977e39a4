package dev.gatlingllm.gatling;

import io.gatling.charts.report.GroupContainer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Knows which request's page Gatling draws next. Gatling does not say which page a component is
 * for. But it passes the tree of requests to the polar chart of the index page, which it draws
 * first, and then walks that tree: the requests of a group, then its groups. The page compares the
 * name with its own menu, and shows nothing where they differ.
 */
final class PageOrder {

  private final Queue<String> requests = new ArrayDeque<>();
  private final Map<String, Integer> pages = new HashMap<>();

  /** Adds the requests of a tree. */
  void add(GroupContainer group) {
    for (String name : CollectionConverters.asJava(group.requests()).keySet()) {
      requests.add(name);
      pages.merge(name, 1, Integer::sum);
    }
    CollectionConverters.asJava(group.groups()).values().forEach(this::add);
  }

  /** Returns the request of the next page; empty after the last. */
  Optional<String> nextRequest() {
    return Optional.ofNullable(requests.poll());
  }

  /** Returns the number of pages of a request name: one for each Gatling group with it. */
  int pagesOf(String request) {
    return pages.getOrDefault(request, 0);
  }
}
