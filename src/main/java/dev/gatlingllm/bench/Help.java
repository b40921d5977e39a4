package dev.gatlingllm.bench;

/** What {@code -h} prints. */
final class Help {

  static final String TEXT =
      """
      Usage: [regexp*] [options]

      Runs every benchmark whose name a regular expression is found in, all where none is given.
      Options go before annotations, and mean what they mean to JMH.

        -p <name=v,v>        values of a parameter instead of its @Param; every combination is run
        -f <int>             forks: how often each combination is measured in a fresh process (5)
        -wf <int>            forks before them whose results are dropped (0)
        -wi <int> -w <time>  iterations of warm-up and the length of each (5, 10 s)
        -i <int> -r <time>   measured iterations and the length of each (5, 10 s)
        -to <time>           a fork is stopped when it takes so much longer than its load (10 min)
        -metric <name,…>     the score, and others to measure besides; ttft·p50 where none is given.
                             Such as ttft, ttft·p95, icl·p99, tpot, e2e·p95, outputTokensPerSecond,
                             requestsPerSecond, cacheHitPercent, goodputPercent, failures
        -bm <mode>           thrpt (the score is outputTokensPerSecond) or avgt (ttft·p50)
        -tu <unit>           of the score: m, s, ms, us, ns
        -search <name=a..b>  find the largest value of a parameter, from a towards b, that keeps
        -objective <text>    this, such as "ttft p95 < 800ms & tpot p95 < 50ms & failures <= 1%"
        -cache <how>         the server's prefix cache at the start of a fork: fresh (default; every
                             fork has prefixes of its own), reset (the server empties it) or keep
        -rf <type>           of the result file: text, csv, scsv, json, latex
        -rff <file>          where it goes (jmh-result.<type>)
        -o <file>            where all this is printed instead of the console
        -reports <folder>    where the forks' reports go (reports)
        -foe <bool>          stop at the first fork that fails (false)
        -jvm <path>          of the forks
        -jvmArgs, -jvmArgsPrepend, -jvmArgsAppend <text>
                             their arguments (-Xmx1G)
        -D<name>=<value>     system properties of the forks, such as -Dllm.baseUrl=http://…
        -e <regexp+>         benchmarks to leave out
        -v EXTRA             print all that forks print
        -l, -lp, -lrf, -h    list benchmarks, also with their parameters; result formats; this

      Ends with 0 when all was measured, 1 when something failed, 2 for a mistake in the options.
      """;

  private Help() {}
}
