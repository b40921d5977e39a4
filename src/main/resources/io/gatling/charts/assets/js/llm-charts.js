/* Which charts there are, in the order in which they stand. */
(function (tab) {
  'use strict';

  /* Every chart that the page's data can fill, each with its box and a way to draw it. */
  tab.charts = function (data) {
    return [
      tab.latencyByTurn, tab.ttftByInput,
      tab.latencyOverTime, tab.tokensOverTime,
      tab.repliesOverTime, tab.cacheOverTime,
      tab.cacheByTurn, tab.percentileCurves,
      tab.latencyDistribution, tab.tokenDistribution
    ].map(function (chart) { return chart(data); })
      .filter(function (frame) { return frame !== null; });
  };
})(LlmTokens);
