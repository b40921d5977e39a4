/* What all users get together against what one of them gets, and the rows of measured parameters. */
(kit => {
  'use strict';

  const choice = row => Object.entries(row.params).map(([name, value]) => name + '=' + value).join(', ');
  const unique = values => Array.from(new Set(values));
  const metricOf = (row, name) => row.metrics.find(metric => metric.name === name);

  /* A row is { params, metrics: [{ name, unit, mean, error }] }. */
  kit.rows = { choice, metricOf, unique };

  /* What one user gets, in tokens/s, and what the server gives in all, of each row that has both. */
  function tradeOffs(rows) {
    return rows.flatMap(row => {
      const tpot = metricOf(row, 'tpot·p50') || metricOf(row, 'tpot');
      const rate = metricOf(row, 'outputTokensPerSecondPerGpu') || metricOf(row, 'outputTokensPerSecond');
      if (!tpot || !rate || !(tpot.mean > 0) || rate.mean === null || !/^ms\b/.test(tpot.unit)) {
        return [];
      }
      const error = tpot.error === null || tpot.error >= tpot.mean ? null : tpot.error;
      return [{
        row: row,
        rate: rate,
        pace: tpot.name,
        user: 1000 / tpot.mean,
        range: error === null ? null : [1000 / (tpot.mean + error), 1000 / (tpot.mean - error)]
      }];
    });
  }

  /* Whether a point is worse than another one in both, by more than their intervals. */
  function isDominated(point, other) {
    return point.range && other.range && point.rate.error !== null && other.rate.error !== null
      && other.range[0] > point.range[1]
      && other.rate.mean - other.rate.error > point.rate.mean + point.rate.error;
  }

  /*
   * A chart of throughput against interactivity, with a point for each row that has both; null for fewer
   * than two. varied names the parameters that differ: the first, or users, joins points to lines. title
   * replaces the name of the throughput.
   */
  kit.pareto = (id, rows, varied, title) => {
    const points = tradeOffs(rows);
    if (points.length < 2) {
      return null;
    }
    const load = varied.includes('users') ? 'users' : varied[0];
    const others = point => varied.filter(name => name !== load)
      .map(name => name + '=' + (point.row.params[name] === undefined ? '–' : point.row.params[name])).join(', ');
    const dominated = points.flatMap(point => {
      const better = points.find(other => isDominated(point, other));
      return better ? [choice(point.row) + ' (by ' + choice(better.row) + ')'] : [];
    });
    return kit.meansChart({
      id: id + '-pareto',
      title: title || points[0].rate.name,
      unit: points[0].rate.unit,
      across: 'tokens/s of one user',
      caption: 'Each point is a combination of parameters: ' + points[0].rate.name
        + ' over the tokens/s of one user, which are 1 / ' + points[0].pace
        + '. Up and to the right is better.' + (dominated.length === 0 ? ''
        : ' Worse in both, beyond the intervals: ' + dominated.join('; ') + '.'),
      values: unique(points.map(point => String(point.user))),
      name: value => kit.figure(Number(value)),
      lines: unique(points.map(others)).map((group, index) => ({
        name: group || load || points[0].rate.name,
        look: kit.look(index),
        dots: Object.fromEntries(points.filter(point => others(point) === group)
          .map(point => [String(point.user), {
            mean: point.rate.mean,
            error: point.rate.error,
            range: point.range,
            of: load && load + '=' + point.row.params[load]
          }]))
      }))
    });
  };
})(Llm);
