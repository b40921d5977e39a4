/* Responses drawn at random, or all of a short run: goodput by other objectives, and the figures of a part of
   the responses, in the shape of the page's data. */
(kit => {
  'use strict';

  const LATENCIES = ['ttft', 'ttfo', 'icl', 'iclInWindow', 'tpot', 'e2e'];
  const TOKENS = ['inputTokens', 'expectedTokens', 'cachedTokens', 'reusableTokens', 'outputTokens'];
  const PLACES = ['counted', 'firstToken', 'end', 'unfinished', 'waiting', 'oneToken', 'atOnce', 'left', 'oneBody'];

  /* Java's logarithmic scale; 0 is a value that is not known. */
  const LEAST = 0.01;
  const LOG_RANGE = Math.log1p(1e7 / LEAST);
  const decoded = code => code === 0 ? null : LEAST * Math.expm1((code - 1) * LOG_RANGE / 65534);

  function bytes(text) {
    return Uint8Array.from(atob(text), character => character.charCodeAt(0));
  }

  /* The drawn responses as objects. */
  function decode(data) {
    const drawn = data.drawn;
    const small = Object.fromEntries(['request', 'failure', 'group', 'turn', 'attempt']
      .map(key => [key, bytes(drawn[key])]));
    const places = new Uint16Array(bytes(drawn.place).buffer);
    const words = Object.entries(drawn.breakdowns).map(([key, { names, numbers }]) => [key, names, bytes(numbers)]);
    const wide = Object.fromEntries(LATENCIES.concat(TOKENS)
      .map(key => [key, drawn[key] ?? drawn.ttft]).map(([key, text]) => [key, new Uint16Array(bytes(text).buffer)]));
    return Array.from(new Float32Array(bytes(drawn.second).buffer), (second, at) => {
      const row = { second, turn: small.turn[at], attempt: small.attempt[at] };
      LATENCIES.forEach(key => { row[key] = decoded(wide[key][at]); });
      TOKENS.forEach(key => {
        const tokens = decoded(wide[key][at]);
        row[key] = tokens === null ? null : Math.round(tokens);
      });
      PLACES.forEach((place, bit) => { row[place] = (places[at] >> bit & 1) === 1; });
      data.breakdowns.forEach(({ key }) => { row[key] = null; });
      words.forEach(([key, names, numbers]) => { row[key] = names[numbers[at] - 1] ?? null; });
      row.request = drawn.requests[small.request[at] - 1] ?? null;
      row.failure = drawn.failures[small.failure[at] - 1] ?? null;
      row.group = small.group[at] === 0 ? null : String(small.group[at] - 1);
      row.ntpot = row.outputTokens > 0 ? row.e2e / row.outputTokens : null;
      row.ok = row.failure === null;
      row.ended = second + row.e2e / 1000;
      return row;
    });
  }

  /* All drawn responses, and whether these are all of the run. */
  kit.drawnOf = data => {
    if (!data.drawn || data.drawn.of === 0) {
      return null;
    }
    const rows = decode(data);
    return { rows, of: data.drawn.of, isAll: rows.length === data.drawn.of };
  };

  /* As in Java: a response misses without a value, unless it is of one token and nothing could come after it;
   * one of which all tokens came at once has no pace. */
  function isMet(row, key, objective) {
    const ofPace = ['icl', 'tpot'].includes(key);
    return row[key] === null ? row.oneToken && ofPace : !(row.atOnce && ofPace) && kit.meets(row[key], objective);
  }

  /* The least that a figure of an unfinished request can be at a moment, in milliseconds. */
  function leastAt(row, key, moment) {
    const waited = Math.min(1000 * (moment - row.second), row.e2e);
    return { ttft: Math.min(row.ttft ?? waited, waited), ttfo: Math.min(row.ttfo ?? waited, waited),
      e2e: waited, icl: row.icl ?? 0, tpot: row.left ? row.tpot : 0 }[key] ?? 0;
  }

  /* As in Java: a response that missed an objective before the window opened, and not again, does not count for it. */
  function isMissedInWarmUp(row, key, objective) {
    return row.second < 0 && row.ok && !isMet(row, key, objective) && (key === 'icl'
      ? !kit.meets(row.icl ?? 0, objective) && kit.meets(row.iclInWindow ?? 0, objective)
      : !kit.meets(leastAt(row, key, 0), objective));
  }

  /* Wilson's interval of a share of n. */
  function interval(share, n) {
    const z = 1.96;
    const middle = share + z * z / (2 * n);
    const half = z * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return [100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n)];
  }

  /* Goodput as in the totals of the data, with the interval of its share if responses were drawn. */
  function goodput(rows, objectives, part) {
    const keys = Object.keys(objectives);
    const ended = rows.filter(row => row.counted);
    const of = key => ended.filter(row => !isMissedInWarmUp(row, key, objectives[key]));
    const isLeftOut = row => keys.some(key => isMissedInWarmUp(row, key, objectives[key]))
      && keys.every(key => isMet(row, key, objectives[key]) || isMissedInWarmUp(row, key, objectives[key]));
    const counted = ended.filter(row => !isLeftOut(row));
    const unfinished = rows.filter(row => row.unfinished);
    const hasMissed = (row, key) => !kit.meets(leastAt(row, key, part.duration), objectives[key]);
    const missed = unfinished.filter(row => keys.some(key => hasMissed(row, key))).length;
    const known = key => of(key).length + unfinished.filter(row => hasMissed(row, key)).length;
    const met = key => of(key).filter(row => row.ok && isMet(row, key, objectives[key])).length;
    const good = counted.filter(row => row.ok && keys.every(key => isMet(row, key, objectives[key]))).length;
    const all = counted.length + missed;
    return keys.length === 0 || all === 0 ? null : {
      percent: 100 * good / all,
      interval: part.isAll ? null : interval(good / all, all),
      perSecond: good * part.scale / part.duration,
      unfinishedMissed: missed,
      missedInWarmUp: ended.length - counted.length,
      objectives: Object.fromEntries(keys.map(key => [key, {
        limitMillis: objectives[key].limit,
        inclusive: objectives[key].inclusive,
        percent: known(key) === 0 ? null : 100 * met(key) / known(key)
      }]))
    };
  }

  const PERCENTILES = { p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, p999: 99.9 };

  const ascending = values => values.filter(value => value !== null).sort((one, other) => one - other);

  /* At rank (n + 1) · p, as in Java. */
  function percentile(sorted, percent) {
    const rank = Math.max(1, Math.min(sorted.length, (sorted.length + 1) * percent / 100));
    const below = Math.floor(rank);
    return rank === below ? sorted[below - 1] : sorted[below - 1] + (rank - below) * (sorted[below] - sorted[below - 1]);
  }

  function summary(values) {
    const sorted = ascending(values);
    const count = sorted.length;
    if (count === 0) {
      return null;
    }
    const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
    return {
      count, mean, min: sorted[0], max: sorted[count - 1],
      stddev: count < 2 ? 0 : Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count),
      ...Object.fromEntries(Object.entries(PERCENTILES).map(([key, percent]) => [key, percentile(sorted, percent)]))
    };
  }

  /* Ranks between which a percentile lies with 95 %, by the normal approximation, widened to whole ranks. */
  function intervals(values) {
    const sorted = ascending(values);
    const end = rank => rank < 1 || rank > sorted.length ? null : sorted[rank - 1];
    return sorted.length === 0 ? null : Object.fromEntries(['p50', 'p95', 'p99'].map(key => {
      const share = PERCENTILES[key] / 100;
      const spread = 1.96 * Math.sqrt(sorted.length * share * (1 - share));
      return [key, [end(Math.floor(sorted.length * share - spread)), end(Math.ceil(sorted.length * share + spread) + 1)]];
    }));
  }

  /* The samples of each figure, as they lie in the window. */
  const SAMPLES = {
    ttft: row => row.firstToken ? row.ttft : null,
    ttfo: (row, part) => row.firstToken && row.second + row.ttfo / 1000 < part.duration ? row.ttfo : null,
    tpot: row => row.end ? row.tpot : null,
    e2e: row => row.end ? row.e2e : null,
    ntpot: row => row.end ? row.ntpot : null,
    inputTokens: row => row.counted && row.ok ? row.inputTokens : null,
    outputTokens: row => row.counted && row.ok && row.outputTokens !== 0 ? row.outputTokens : null,
    cachedTokens: row => row.counted && row.ok ? row.cachedTokens : null
  };

  const samples = (rows, key, part) => rows.map(row => SAMPLES[key](row, part));

  const sum = (rows, key) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);

  /* Shares of input tokens: cached at least and at most, and reusable. */
  function cache(rows, isReported) {
    const known = rows.filter(row => row.ok && row.inputTokens !== null && (row.outputTokens !== 0 || row.cachedTokens !== null));
    const reported = known.filter(row => row.cachedTokens !== null);
    const reusable = known.filter(row => row.reusableTokens !== null);
    const share = (part, key, whole, of = 'inputTokens') => whole.length === 0 ? null : 100 * sum(part, key) / sum(whole, of);
    return {
      cacheHitPercent: isReported ? share(reported, 'cachedTokens', known) : null,
      cacheHitPercentUpper: share(reported, 'cachedTokens', reported),
      expectedReusablePercent: share(reusable, 'reusableTokens', reusable, 'expectedTokens')
    };
  }

  /* How many tokens of a response arrived between two moments, spread evenly over its stream. */
  function arrived(row, from, to) {
    const first = row.ttft === null ? row.ended : row.second + row.ttft / 1000;
    const length = row.ended - first;
    return (row.outputTokens ?? 0) * (length <= 0 ? (first >= from && first < to ? 1 : 0)
      : Math.max(0, Math.min(to, row.ended) - Math.max(from, first)) / length);
  }

  function totals(rows, part) {
    const counted = rows.filter(row => row.counted);
    const ok = counted.filter(row => row.ok);
    const tokens = rows.reduce((total, row) => total + arrived(row, 0, part.duration), 0);
    const perSecond = count => count * part.scale / part.duration;
    return {
      requests: counted.length,
      ok: ok.length,
      ko: counted.length - ok.length,
      failedPercent: counted.length === 0 ? null : 100 * (counted.length - ok.length) / counted.length,
      inputTokens: sum(ok, 'inputTokens'),
      /* scaled as the rate beside it */
      outputTokens: Math.round(tokens * part.scale),
      cachedTokens: sum(ok, 'cachedTokens'),
      reasoningTokens: null,
      responsesPerSecond: perSecond(ok.length),
      outputTokensPerSecond: perSecond(tokens),
      outputTokensPerSecondPerGpu: null,
      costPerMillionOutputTokens: null,
      waiting: rows.filter(row => row.waiting).length,
      cut: rows.filter(row => row.failure === 'cut' && row.unfinished).length,
      abandoned: rows.filter(row => row.failure === 'abandoned' && row.unfinished && row.ended < part.duration).length,
      retries: counted.filter(row => row.attempt > 1).length,
      ...cache(counted, part.cacheIsReported),
      goodput: goodput(rows, kit.objectives(), part)
    };
  }

  function scope(rows, part) {
    return {
      totals: totals(rows, part),
      metrics: Object.fromEntries(Object.keys(SAMPLES).map(key => [key, summary(samples(rows, key, part))]))
    };
  }

  function scopes(rows, key, part) {
    const groups = new Map();
    rows.filter(row => row[key] !== null && row[key] !== 0 && (row.counted || row.unfinished))
      .forEach(row => { groups.set(row[key], (groups.get(row[key]) ?? []).concat([row])); });
    return Object.fromEntries([...groups.entries()]
      .sort(([one], [other]) => String(one).localeCompare(other, 'en', { numeric: true }))
      .map(([name, own]) => [name, scope(own, part)]));
  }

  /* Kinds of failure of a response that has not failed. */
  const UNFAILED = [null, 'cut', 'abandoned'];

  /* The moments of latencies in charts over time, the warm-up included. */
  const MOMENTS = {
    ttft: row => UNFAILED.includes(row.failure) && row.ttft !== null ? row.second + row.ttft / 1000 : null,
    tpot: row => row.ok && row.tpot !== null ? row.ended : null,
    e2e: row => row.ok ? row.ended : null
  };

  function timeline(rows, data, part) {
    const seconds = data.timeline.second;
    const width = seconds.length > 1 ? seconds[1] - seconds[0] : 1;
    const stepOf = moment => Math.floor((moment - seconds[0]) / width);
    const split = moment => {
      const steps = seconds.map(() => []);
      rows.forEach(row => {
        const at = moment(row);
        steps[at === null ? -1 : stepOf(at)]?.push(row);
      });
      return steps;
    };
    const ended = split(row => ['cut', 'abandoned'].includes(row.failure) ? null : row.ended);
    const rate = (steps, isIn) => steps.map(step => step.filter(isIn).length * part.scale / width);
    const spread = amount => seconds.map(second =>
      rows.reduce((total, row) => row.ended < second || row.second > second + width ? total
        : total + amount(row, second, second + width), 0) * part.scale / width);
    const hits = ended.map(step => cache(step, part.cacheIsReported));
    const latencies = Object.entries(MOMENTS).map(([key, moment]) => {
      const steps = split(moment).map(step => summary(step.map(row => row[key])));
      return [key, Object.fromEntries(['count', 'max', ...Object.keys(PERCENTILES)]
        .map(statistic => [statistic, steps.map(step => step?.[statistic] ?? (statistic === 'count' ? 0 : null))]))];
    });
    const kinds = Object.keys(data.timeline.failures).filter(kind => rows.some(row => row.failure === kind));
    return {
      second: seconds,
      ok: rate(ended, row => row.ok),
      ko: rate(ended, row => !row.ok),
      outputTokens: spread(arrived),
      activeStreams: spread((row, from, to) => Math.max(0, Math.min(to, row.ended) - Math.max(from, row.second))),
      cacheHit: hits.map(hit => hit.cacheHitPercent),
      cacheHitUpper: hits.map(hit => hit.cacheHitPercentUpper),
      reusable: hits.map(hit => hit.expectedReusablePercent),
      failures: Object.fromEntries(kinds.map(kind => [kind, ended.map(step =>
        step.filter(row => row.failure === kind).length)])),
      ...Object.fromEntries(latencies)
    };
  }

  /* In the cells of the whole run, so that both can be compared. */
  function heat(rows, data) {
    const seconds = data.timeline.second;
    const width = seconds.length > 1 ? seconds[1] - seconds[0] : 1;
    return Object.fromEntries(Object.entries(data.heat).map(([key, whole]) => {
      const cells = new Map();
      rows.filter(row => MOMENTS[key](row) !== null).forEach(row => {
        const column = Math.floor((MOMENTS[key](row) - seconds[0]) / width / whole.stepsOfColumn);
        const share = Math.log(row[key] / whole.low) / Math.log(whole.high / whole.low);
        const cell = column * whole.rows + Math.max(0, Math.min(whole.rows - 1, Math.floor(whole.rows * share)));
        cells.set(cell, (cells.get(cell) ?? 0) + 1);
      });
      return [key, { ...whole, cells: [...cells.keys()], counts: [...cells.values()] }];
    }).filter(([, own]) => own.cells.length > 0));
  }

  function curves(rows, keys, part, curve) {
    return Object.fromEntries(keys.map(key => [key, ascending(samples(rows, key, part))])
      .filter(([, sorted]) => sorted.length > 0)
      .map(([key, sorted]) => [key, curve(sorted)]));
  }

  const NINES = Array.from({ length: 200 }, (_value, at) => 100 * (1 - 10 ** (-at / 50)));

  /* Four bins for each doubling of the tokens, as in Java. */
  function bins(rows, tokens, least, state) {
    const groups = new Map();
    rows.filter(row => row.ok && row.firstToken && !row.oneBody && row.inputTokens >= 1 && tokens(row) !== null).forEach(row => {
      const key = state(row) + Math.floor(4 * Math.log2(tokens(row) + 1 - least) + 1e-9);
      groups.set(key, (groups.get(key) ?? []).concat([row]));
    });
    return [...groups.values()].map(own => ({
      state: state(own[0]),
      inputTokens: own.reduce((total, row) => total + tokens(row), 0) / own.length,
      ...summary(own.map(row => row.ttft))
    })).sort((one, other) => one.inputTokens - other.inputTokens);
  }

  function byUncached(rows) {
    const uncached = row => row.cachedTokens === null ? null : Math.max(0, row.inputTokens - row.cachedTokens);
    const own = bins(rows, uncached, 0, () => '');
    return {
      uncachedTokens: own.map(bin => bin.inputTokens),
      ...Object.fromEntries(['count', 'p50', 'p95'].map(key => [key, own.map(bin => bin[key])])),
      line: undefined
    };
  }

  function stateOf(part) {
    return row => {
      if (row.cachedTokens !== null || part.cacheIsReported) {
        return row.inputTokens >= 1 && 2 * row.cachedTokens >= row.inputTokens ? 'warm' : 'cold';
      }
      return row.reusableTokens === null ? 'unknown' : 2 * row.reusableTokens >= row.expectedTokens ? 'warm' : 'cold';
    };
  }

  function coldWarm(rows, part) {
    const ttft = state => summary(rows.filter(row => row.ok && !row.oneBody && stateOf(part)(row) === state)
      .map(SAMPLES.ttft));
    return { cold: ttft('cold'), warm: ttft('warm'), speedUp: null };
  }

  function failures(rows, data) {
    return Object.fromEntries(Object.entries(data.failures ?? {}).map(([kind, failure]) =>
      [kind, { ...failure, count: rows.filter(row => row.counted && row.failure === kind).length }])
      .filter(([, failure]) => failure.count > 0));
  }

  /* Single responses can be filtered, too; those of a conversation share their scenario and group. */
  function singles(data, matches) {
    const filtered = (columns, { scenario, group } = {}) => {
      const kept = [...columns.turn.keys()].filter(at => matches({
        request: columns.request[at],
        group: String(group ?? columns.group[at]),
        ...Object.fromEntries(data.breakdowns.map(({ key }) => [key, columns[key]?.[at]])),
        scenario: scenario ?? columns.scenario[at]
      }));
      return Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, kept.map(at => column[at])]));
    };
    return {
      lanes: data.samples.lanes.map(lane => ({ ...lane, responses: filtered(lane.responses, lane) }))
        .filter(lane => lane.responses.turn.length > 0),
      slowest: filtered(data.samples.slowest),
      failed: filtered(data.samples.failed)
    };
  }

  /*
   * What the page shows with a filter ({ scenario, request, … }, each absent or a name) and with the
   * objectives in force. With neither it is the data itself, which is exact.
   */
  kit.viewOf = (data, drawn, filter, isJudgedAnew) => {
    const chosen = Object.entries(filter);
    if (drawn === null || (chosen.length === 0 && !isJudgedAnew)) {
      return data;
    }
    const part = {
      duration: data.run.durationSeconds,
      isAll: drawn.isAll,
      scale: drawn.of / drawn.rows.length,
      cacheIsReported: data.totals.cacheHitPercent !== null
    };
    if (chosen.length === 0) {
      return { ...data, totals: { ...data.totals, goodput: goodput(drawn.rows, kit.objectives(), part) } };
    }
    const matches = row => chosen.every(([key, name]) => row[key] === name);
    const rows = drawn.rows.filter(matches);
    return {
      ...data,
      ...scope(rows, part),
      intervals: Object.fromEntries(['ttft', 'tpot', 'e2e'].map(key => [key, intervals(samples(rows, key, part))])),
      byTurn: scopes(rows, 'turn', part),
      byRequest: scopes(rows, 'request', part),
      ...Object.fromEntries(data.breakdowns.map(by => [by.scopes, scopes(rows, by.key, part)])),
      byGroup: scopes(rows, 'group', part),
      timeline: data.timeline.second.length === 0 ? data.timeline : timeline(rows, data, part),
      heat: heat(rows, data),
      percentiles: curves(rows, ['ttft', 'tpot', 'e2e'], part, sorted => ({
        percentiles: NINES.filter(percent => sorted.length * (100 - percent) >= 100),
        values: NINES.filter(percent => sorted.length * (100 - percent) >= 100).map(percent => percentile(sorted, percent))
      })),
      curves: curves(rows, ['ttft', 'tpot', 'e2e', 'inputTokens', 'cachedTokens', 'outputTokens'], part, sorted => {
        const counts = new Map();
        sorted.forEach(value => { counts.set(value, (counts.get(value) ?? 0) + 1); });
        return { values: [...counts.keys()], counts: [...counts.values()] };
      }),
      ttftByInput: bins(rows, row => row.inputTokens, 1, stateOf(part)),
      ttftByUncached: byUncached(rows),
      conversations: null,
      coldWarm: coldWarm(rows, part),
      failures: failures(rows, data),
      samples: singles(data, matches),
      shown: rows.filter(row => row.counted).length
    };
  };
})(Llm);
