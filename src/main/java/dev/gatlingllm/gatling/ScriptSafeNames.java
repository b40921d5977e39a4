package dev.gatlingllm.gatling;

import io.gatling.charts.report.GroupContainer;
import io.gatling.charts.report.RequestContainer;
import io.gatling.charts.stats.UserSeries;
import scala.collection.immutable.Seq;
import scala.collection.mutable.LinkedHashMap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Escapes names of requests and scenarios for a string of JavaScript. Gatling's charts write names
 * into their scripts without escaping anything but apostrophes, so a name made of a server's words,
 * or in a log that somebody else wrote, could end the script and start another.
 */
final class ScriptSafeNames {

  private ScriptSafeNames() {}

  /** Returns the same tree of requests with escaped names. */
  static GroupContainer in(GroupContainer group) {
    LinkedHashMap<String, RequestContainer> requests = new LinkedHashMap<>();
    CollectionConverters.asJava(group.requests())
        .forEach(
            (name, request) ->
                requests.put(
                    name,
                    new RequestContainer(
                        escaped(name), request.group(), request.id(), request.stats())));
    LinkedHashMap<String, GroupContainer> groups = new LinkedHashMap<>();
    CollectionConverters.asJava(group.groups())
        .forEach((name, child) -> groups.put(name, in(child)));
    return new GroupContainer(group.group(), group.id(), group.stats(), requests, groups);
  }

  /** Returns the same users with escaped names of their scenarios. */
  static Seq<UserSeries> in(Seq<UserSeries> scenarios) {
    return CollectionConverters.asScala(
            CollectionConverters.asJava(scenarios).stream()
                .map(users -> new UserSeries(escaped(users.name()), users.data()))
                .toList())
        .toSeq();
  }

  static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (char character : name.toCharArray()) {
      boolean safe =
          character >= ' '
              && character != '<'
              && character != '\\'
              && character != '\u2028'
              && character != '\u2029';
      escaped.append(safe ? character : String.format("\\u%04x", (int) character));
    }
    return escaped.toString();
  }
}
