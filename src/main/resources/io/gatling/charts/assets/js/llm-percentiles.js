/* Which percentiles a chart can draw honestly, and how. */
(function (tab) {
  'use strict';

  const PERCENTILES = [
    { key: 'p50', label: 'p50', needs: 1, color: tab.colors.blue },
    { key: 'p75', label: 'p75', needs: 4, color: tab.colors.green },
    { key: 'p90', label: 'p90', needs: 10, color: tab.colors.amber },
    { key: 'p95', label: 'p95', needs: 20, color: tab.colors.orange },
    { key: 'p99', label: 'p99', needs: 100, color: tab.colors.violet, dash: [5, 4] },
    { key: 'p999', label: 'p99.9', needs: 1000, color: tab.colors.red, dash: [5, 4] },
    { key: 'max', label: 'max', needs: 1, color: tab.colors.gray, dash: [2, 3] }
  ];

  tab.PERCENTILE_KEYS = PERCENTILES.map(function (percentile) { return percentile.key; });

  /* A percentile needs as many replies as let one lie beyond it; of fewer it would be the slowest. */
  tab.needsReplies = function (key) {
    return PERCENTILES.find(function (percentile) { return percentile.key === key; }).needs;
  };

  /*
   * Lines for every percentile, given one column of counts and one for each percentile; and the
   * columns without what too few replies stand behind. A line is to be had where at least half of
   * its points are. p50, p95 and p99 are shown at first, or what comes nearest to them.
   */
  tab.percentileLines = function (counts, columnOf, places) {
    const filled = counts.filter(function (count) { return count > 0; });
    const can = function (percentile) {
      const enough = filled.filter(function (count) { return count >= percentile.needs; });
      return enough.length > 0 && 2 * enough.length >= filled.length;
    };
    const has = function (key) {
      return can(PERCENTILES.find(function (percentile) { return percentile.key === key; }));
    };
    const initial = ['p50', has('p95') ? 'p95' : 'p90', has('p99') ? 'p99' : 'max'];
    return {
      series: PERCENTILES.map(function (percentile) {
        return tab.line({
          label: percentile.label,
          color: percentile.color,
          dash: percentile.dash,
          initially: initial.includes(percentile.key),
          available: can(percentile),
          why: 'Most ' + places + ' have fewer than the ' + tab.whole(percentile.needs)
            + ' replies that it takes',
          format: tab.figure
        });
      }),
      columns: PERCENTILES.map(function (percentile) {
        return columnOf(percentile.key).map(function (value, index) {
          return counts[index] >= percentile.needs ? value : null;
        });
      })
    };
  };

  /* Between p50 and p95, which are the first and the fourth line. */
  tab.percentileBand = function () {
    return [{
      series: [4, 1],
      fill: function () { return tab.color(tab.colors.blue, '1f'); }
    }];
  };
})(LlmTokens);
